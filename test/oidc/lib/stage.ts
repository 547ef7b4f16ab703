import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { type ApiClient, freePort, Platform, Yard } from '../../e2e/lib/index.ts';
import { Guest } from './guest.ts';
import type { Accounts } from './options.ts';
import { RealProvider } from './provider.ts';

const quiet = ['engine-docker', 'engine-podman', 'engine-singularity', 'computing-slurm', 'access-ssh'];

/** A platform with providers: `institute`, and `other`, which is another issuer. */
export class OidcStage implements AsyncDisposable {
  readonly platform: Platform;
  readonly institute: RealProvider;
  readonly other: RealProvider;
  /** Of the client at both. */
  readonly secret: string;
  readonly #owned: AsyncDisposableStack;

  private constructor(
    parts: Pick<OidcStage, 'platform' | 'institute' | 'other' | 'secret'>,
    owned: AsyncDisposableStack,
  ) {
    this.platform = parts.platform;
    this.institute = parts.institute;
    this.other = parts.other;
    this.secret = parts.secret;
    this.#owned = owned;
  }

  /**
   * @param settings of both providers, beside issuer and client
   * @param plugins further ones of the site file
   */
  static async open(
    accounts: Accounts,
    settings: Readonly<Record<string, unknown>> = { allow: { everybody: true } },
    plugins: SiteFile['plugins'] = {},
  ): Promise<OidcStage> {
    await using owned = new AsyncDisposableStack();
    const port = await freePort();
    const secret = randomBytes(24).toString('base64url');
    const [institute, other] = await Promise.all(
      (['institute', 'other'] as const).map((id) => {
        const clients = [clientFor(`http://localhost:${port}`, id, secret)];
        return RealProvider.start({ accounts, clients, host: id === 'other' ? '127.0.0.2' : '127.0.0.1' });
      }),
    );
    for (const one of [institute, other]) if (one) owned.use(one);
    const yard = owned.use(await Yard.open());
    const file = join(yard.path, 'client-secret');
    await writeFile(file, `${secret}\n`, { mode: 0o600 });
    const providers = {
      institute: { ...settings, ...atProvider(institute!, 'The institute'), clientSecretFile: file },
      other: { ...settings, ...atProvider(other!, 'Another house'), clientSecretVariable: 'STELE_OTHER_SECRET' },
    };
    const off = Object.fromEntries(quiet.map((id) => [id, { enabled: false }]));
    const site = { plugins: { ...off, 'auth-oidc': { providers }, ...plugins } } as SiteFile;
    const environment = { STELE_OTHER_SECRET: secret };
    const platform = owned.use(await Platform.start({ site, yard, port, environment }));
    return new OidcStage({ platform, institute: institute!, other: other!, secret }, owned.move());
  }

  /** Somebody with a fresh browser. */
  guest(): Guest {
    return new Guest(this.platform.url);
  }

  logIn(): Promise<ApiClient> {
    return this.platform.logIn();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

/** How a platform is known at a provider. */
export function clientFor(origin: string, id: string, secret: string) {
  return {
    client_id: 'stele',
    client_secret: secret,
    redirect_uris: [`${origin}/login/${id}`],
    post_logout_redirect_uris: [`${origin}/`],
  };
}

export function atProvider({ issuer }: RealProvider, title: string) {
  return { title, issuer, clientId: 'stele' };
}
