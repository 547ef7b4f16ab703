import assert from 'node:assert/strict';
import type { FileList } from '@stele/sdk/api';
import type { Answer, ApiClient, Problem } from '../../e2e/lib/index.ts';

/** A storage as one user has it. */
export class Drawer {
  readonly client: ApiClient;
  /** Its path in the API. */
  readonly at: string;

  constructor(client: ApiClient, at: string) {
    this.client = client;
    this.at = at;
  }

  put(path: string, body: string, query = ''): Promise<Response> {
    return this.client.fetch(`${this.at}/content?path=${encodeURIComponent(path)}${query}`, { method: 'PUT', body });
  }

  get(path: string): Promise<Response> {
    return this.client.fetch(`${this.at}/content?path=${encodeURIComponent(path)}`);
  }

  list(path = ''): Promise<Answer<FileList & Problem>> {
    return this.client.get(`${this.at}/files?path=${encodeURIComponent(path)}&hidden=true`);
  }

  operate(body: object): Promise<Answer<Problem>> {
    return this.client.post(`${this.at}/operations`, body);
  }

  /** Tries everything that the API can do with a path that leads out: nothing of it may come to pass. */
  async refuses(path: string, secret: string): Promise<void> {
    const answers: [string, number, string][] = [];
    const note = async (what: string, asked: Promise<Response>): Promise<void> => {
      const answer = await asked;
      answers.push([what, answer.status, await answer.text()]);
    };
    await note('read', this.get(path));
    await note('list', this.client.fetch(`${this.at}/files?path=${encodeURIComponent(path)}`));
    await note('write', this.put(path, 'broken in'));
    await note('overwrite', this.put(path, 'broken in', '&overwrite=true'));
    for (const body of operations(path)) {
      const { status, body: said } = await this.operate(body);
      answers.push([body.op, status, JSON.stringify(said)]);
    }
    for (const [what, status, text] of answers) {
      assert(!text.includes(secret), `${what} ${path}: ${text}`);
      // A link itself may be looked at and copied.
      if (what === 'list' && status === 200) assert.deepEqual(linkAlone(text), ['link', 0], `${path}: ${text}`);
      if (status === 200 && (what === 'list' || what === 'copy')) continue;
      assert(status >= 400 && status < 500, `${what} ${path}: ${status} ${text}`);
    }
  }
}

interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly from?: string;
  readonly to?: string;
}

const operations = (path: string): readonly Operation[] => [
  { op: 'mkdir', path: `${path}/new` },
  { op: 'remove', path: `${path}/secret` },
  { op: 'copy', from: path, to: 'copied' },
  { op: 'move', from: `${path}/secret`, to: 'moved' },
  { op: 'copy', from: 'mine.txt', to: `${path}/planted` },
  { op: 'move', from: 'mine.txt', to: `${path}/planted` },
];

function linkAlone(text: string): [string, number] {
  const { entry, items } = JSON.parse(text) as FileList;
  return [entry.kind, items.length];
}
