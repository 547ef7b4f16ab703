import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { resources, root, Yard } from '../../e2e/lib/index.ts';
import { Ledger } from './ledger.ts';

/** The resource `Place`: its driver writes down what is done there, and every task answers with the same words. */
export class LedgerPlace implements AsyncDisposable {
  readonly ledger: Ledger;
  readonly #yard: Yard;
  readonly #web: Server;

  private constructor(ledger: Ledger, yard: Yard, web: Server) {
    this.ledger = ledger;
    this.#yard = yard;
    this.#web = web;
  }

  static async open(): Promise<LedgerPlace> {
    const yard = await Yard.open();
    const ledger = await Ledger.make(await yard.folder('place'));
    const web = createServer((_request, response) => response.end('the application'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    return new LedgerPlace(ledger, yard, web);
  }

  /** A folder beside it that lasts as long. */
  get folder(): string {
    return this.#yard.path;
  }

  /** What a site file has to say of it; with the software `Echo`. @param beside further computing */
  siteFile(beside: readonly object[] = []): SiteFile {
    const conf = { folder: this.ledger.folder, port: (this.#web.address() as AddressInfo).port };
    const place = { name: 'Place', driver: 'ledger', access: 'local', auth: 'none', conf };
    return {
      pluginFolders: { development: [join(root, 'test/replicas/fixtures/plugins')] },
      resources: { computing: [...beside, place] as never, software: resources.software, storages: [] },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#web.closeAllConnections();
    await new Promise((resolve) => this.#web.close(resolve));
    await this.#yard[Symbol.asyncDispose]();
  }
}
