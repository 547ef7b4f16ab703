import { AuthProviders, definePlugin } from '@stele/sdk';
import type { OidcSettings } from '../settings.ts';
import { checkSettings } from './check-settings.ts';

export default definePlugin<OidcSettings>({
  async activate({ add, settings, log }) {
    checkSettings(settings);
    const providers = Object.entries(settings.providers);
    if (providers.length === 0) return;
    const { OpenIdProvider } = await import('./openid-provider.ts');
    for (const [id, provider] of providers) {
      add(AuthProviders, id, new OpenIdProvider(provider, log));
    }
  },
});
