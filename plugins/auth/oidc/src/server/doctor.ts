import type { Diagnose, HealthNote, Logger } from '@stele/sdk';
import type { OidcSettings, ProviderSettings } from '../settings.ts';
import { checkSettings } from './check-settings.ts';
import { findSecret } from './client-secret.ts';
import { Discovery } from './discovery.ts';
import { failureOf } from './failure.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Asks each provider what it says of itself, and looks for this site's secrets. */
const diagnose: Diagnose<OidcSettings> = async (settings) => {
  checkSettings(settings);
  const all = Object.values(settings.providers).map((provider) => notesOn(provider));
  return (await Promise.all(all)).flat();
};

async function notesOn(provider: ProviderSettings): Promise<HealthNote[]> {
  return [...(await secretNotes(provider)), await discoveryNote(provider)];
}

async function secretNotes(provider: ProviderSettings): Promise<HealthNote[]> {
  const found = await findSecret(provider);
  return 'problem' in found ? [{ state: 'broken', says: `“${provider.title}”: ${found.problem}` }] : [];
}

async function discoveryNote({ title, issuer }: ProviderSettings): Promise<HealthNote> {
  try {
    const { code_challenge_methods_supported: methods } = await new Discovery(issuer, silent).metadata();
    if (methods === undefined || methods.includes('S256')) return { state: 'fine', says: `“${title}” answers` };
    return { state: 'weak', says: `“${title}” does not know PKCE with S256, which Stele uses anyway` };
  } catch (error) {
    const { why, isAway } = failureOf(error);
    const says = isAway
      ? `“${title}” does not answer (${why})`
      : `“${title}” describes itself otherwise than the settings do (${why})`;
    const advice = isAway ? 'Others can log in as ever.' : 'Compare `issuer` with /.well-known/openid-configuration.';
    return { state: isAway ? 'weak' : 'broken', says, advice };
  }
}

export default diagnose;
