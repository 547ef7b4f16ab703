import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { DirectDialService } from '@stele/sdk';
import type { Way } from '../api/way.ts';
import { type Surroundings, surroundings } from '../kubeconfig/in-cluster.ts';
import type { LogIns } from '../kubeconfig/log-in.ts';
import { type Proof, readKubeconfig } from '../kubeconfig/read.ts';
import type { Landing } from '../api/landing.ts';
import { explained } from './meanings.ts';
import { contextOf, secured } from './secured.ts';

/** Milliseconds for each address of the API. */
const patience = 10_000;

/** What leads to an API directly, beside the kubeconfig. */
export interface DirectParts {
  readonly direct: DirectDialService;
  readonly logIns: LogIns;
}

/** By the platform's own process, with what a kubeconfig says; or, without one, as the cluster's own pod. */
export async function directWay(
  { kubeconfig, context }: { readonly kubeconfig?: string; readonly context?: string },
  parts: DirectParts,
): Promise<Way> {
  if (kubeconfig === undefined || kubeconfig.trim() === '') return wayFromWithin(await surroundings(), parts);
  const { server, ca, serverName, proof } = readKubeconfig(kubeconfig, context);
  const own = proof.kind === 'certificate' ? { certificate: proof.certificate, key: proof.key } : {};
  const secureContext = contextOf({ ...(ca === undefined ? {} : { ca }), ...own });
  return new DirectWay(server, serverName ?? hostOf(server), secureContext, proofBy(proof, parts.logIns), parts.direct);
}

function wayFromWithin({ server, ca, token }: Surroundings, { direct }: DirectParts): Way {
  // A token that was refused is read again by the next request anyhow.
  const proof = { headers: async () => bearer(await token()), renew: async () => false };
  return new DirectWay(server, hostOf(server), contextOf({ ca }), proof, direct);
}

interface Prover {
  headers(): Promise<Readonly<Record<string, string>>>;
  renew(): Promise<boolean>;
}

function proofBy(proof: Proof, logIns: LogIns): Prover {
  switch (proof.kind) {
    case 'certificate':
      return { headers: async () => ({}), renew: async () => false };
    case 'token':
      return { headers: async () => bearer(proof.token), renew: async () => false };
    case 'command':
      return {
        headers: async () => bearer(await logIns.token(proof.login)),
        renew: () => logIns.renew(proof.login),
      };
  }
}

function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

class DirectWay implements Way {
  readonly name: string;
  readonly host: string;
  readonly base: string;
  readonly #address: { readonly host: string; readonly port: number };
  readonly #serverName: string;
  readonly #context: SecureContext;
  readonly #prover: Prover;
  readonly #direct: DirectDialService;

  constructor(server: URL, serverName: string, context: SecureContext, prover: Prover, direct: DirectDialService) {
    this.name = server.host;
    this.host = server.host;
    this.base = server.pathname.replace(/\/+$/, '');
    this.#address = { host: hostOf(server), port: server.port === '' ? 443 : Number(server.port) };
    this.#serverName = serverName;
    this.#context = context;
    this.#prover = prover;
    this.#direct = direct;
  }

  async connect(signal: AbortSignal, landing?: Landing): Promise<Duplex> {
    if (landing !== undefined) return this.#landing(landing, signal);
    const stream = await this.#direct.dial(this.#address, {}, signal);
    return secured(stream, this.#serverName, this.#context, signal);
  }

  async #landing(landing: Landing, signal: AbortSignal): Promise<Duplex> {
    const { host, port } = this.#address;
    let failure: unknown;
    for (const address of await this.#direct.addressesOf(host, {}, signal)) {
      const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      try {
        return await secured({ host: address, port, landing }, this.#serverName, this.#context, until);
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
      }
    }
    throw failure;
  }

  proof(): Promise<Readonly<Record<string, string>>> {
    return this.#prover.headers();
  }

  renew(): Promise<boolean> {
    return this.#prover.renew();
  }

  explain(error: unknown): ReturnType<Way['explain']> {
    return explained(this.name, error);
  }
}
