import { SteleError } from '@stele/sdk';
import type { ClientChannel } from 'ssh2';
import { connectionLost } from '../errors.ts';
import type { Link } from '../connection/link.ts';
import {
  type Attributes,
  dataOf,
  encode,
  encodeWrite,
  type Field,
  Fields,
  Framer,
  headed,
  openFlags,
  packet,
} from './wire.ts';

/** Status codes of the protocol. */
export const status = { end: 1, missing: 2, denied: 3, failure: 4, unsupported: 8 } as const;

/** The server said no. Its reasons are few: a full disk, a name that is taken and much else are all `failure`. */
export class SftpError extends Error {
  readonly status: number;

  constructor(code: number, message: string) {
    super(message);
    this.status = code;
  }
}

/** One entry of a folder. */
export interface Listed {
  readonly name: Buffer;
  readonly attributes: Attributes;
}

export type Handle = Buffer;

interface Reply {
  readonly fields: Fields;
  /** Bytes of a DATA. */
  readonly data: readonly Buffer[];
}

/** Sizes of every server; OpenSSH tells larger ones. */
const usualLength = 32 * 1024;
const largest = 255 * 1024;

/** One session with an SFTP server: requests go out as they come, answers are matched by number. */
export class SftpSession {
  readonly #channel: ClientChannel;
  readonly #name: string;
  readonly #framer = new Framer();
  readonly #waiting = new Map<number, { resolve(reply: Reply | undefined): void; reject(error: Error): void }>();
  readonly #extensions = new Set<string>();
  readonly #version = Promise.withResolvers<void>();
  #next = 1;
  #isOpen = true;
  #isWelcome = false;
  /** Bytes of a READ and a WRITE. */
  readLength = usualLength;
  writeLength = usualLength;

  constructor(channel: ClientChannel, link: Link, name: string, onEnd: () => void) {
    this.#channel = channel;
    this.#name = name;
    const end = () => {
      forget();
      this.#fail(connectionLost(name));
      onEnd();
    };
    const forget = link.onLost(end);
    channel.on('data', (chunk: Buffer) => this.#feed(chunk));
    channel.stderr.resume();
    channel.once('close', end);
    void Promise.allSettled([this.#version.promise]);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Agrees on the version and asks for sizes. */
  async begin(): Promise<void> {
    this.#channel.write(encode(packet.init, 3, []));
    await this.#version.promise;
    if (!this.has('limits@openssh.com')) return;
    const { fields } = await this.#ask(packet.extended, [{ bytes: 'limits@openssh.com' }]);
    fields.u64();
    this.readLength = clamp(fields.u64());
    this.writeLength = clamp(fields.u64());
  }

  /** Whether the server knows an extension. */
  has(extension: string): boolean {
    return this.#extensions.has(extension);
  }

  close(): void {
    this.#channel.end();
    this.#channel.close();
  }

  open(path: Buffer, flags: number, mode?: number): Promise<Handle> {
    const attributes = mode === undefined ? {} : { mode };
    return this.#handle(packet.open, [{ bytes: path }, { u32: flags }, { attributes }]);
  }

  openFolder(path: Buffer): Promise<Handle> {
    return this.#handle(packet.opendir, [{ bytes: path }]);
  }

  async closeHandle(handle: Handle): Promise<void> {
    await this.#ask(packet.close, [{ bytes: handle }]);
  }

  /** Bytes from a place on, at most `length`, in the pieces that they came in; none at the end. */
  async read(handle: Handle, offset: number, length: number): Promise<readonly Buffer[]> {
    const reply = await this.#askUntilEnd(packet.read, [{ bytes: handle }, { u64: offset }, { u32: length }]);
    return reply === undefined ? [] : reply.data;
  }

  async write(handle: Handle, offset: number, bytes: Uint8Array): Promise<void> {
    const reply = await this.#send((id) => {
      this.#channel.write(encodeWrite(id, handle, offset, bytes.length));
      this.#channel.write(bytes);
    });
    demand(reply);
  }

  /** Some entries of a folder, `undefined` at its end. `.`, `..` and what is no name are left out. */
  async readFolder(handle: Handle): Promise<readonly Listed[] | undefined> {
    const reply = await this.#askUntilEnd(packet.readdir, [{ bytes: handle }]);
    return reply && namesOf(reply.fields);
  }

  lstat(path: Buffer): Promise<Attributes> {
    return this.#attributes(packet.lstat, [{ bytes: path }]);
  }

  stat(path: Buffer): Promise<Attributes> {
    return this.#attributes(packet.stat, [{ bytes: path }]);
  }

  fstat(handle: Handle): Promise<Attributes> {
    return this.#attributes(packet.fstat, [{ bytes: handle }]);
  }

  async change(handle: Handle, attributes: { readonly size?: number; readonly mode?: number }): Promise<void> {
    await this.#ask(packet.fsetstat, [{ bytes: handle }, { attributes }]);
  }

  async changeMode(path: Buffer, mode: number): Promise<void> {
    await this.#ask(packet.setstat, [{ bytes: path }, { attributes: { mode } }]);
  }

  async makeFolder(path: Buffer, mode: number): Promise<void> {
    await this.#ask(packet.mkdir, [{ bytes: path }, { attributes: { mode } }]);
  }

  async remove(path: Buffer): Promise<void> {
    await this.#ask(packet.remove, [{ bytes: path }]);
  }

  async removeFolder(path: Buffer): Promise<void> {
    await this.#ask(packet.rmdir, [{ bytes: path }]);
  }

  /** Never replaces what has the new name. */
  async rename(from: Buffer, to: Buffer): Promise<void> {
    await this.#ask(packet.rename, [{ bytes: from }, { bytes: to }]);
  }

  /** Replaces what has the new name, in one step where the server can. */
  async replace(from: Buffer, to: Buffer): Promise<void> {
    const extension = 'posix-rename@openssh.com';
    if (this.has(extension)) await this.#ask(packet.extended, [{ bytes: extension }, { bytes: from }, { bytes: to }]);
    else {
      await this.remove(to);
      await this.rename(from, to);
    }
  }

  async readLink(path: Buffer): Promise<Buffer> {
    const { fields } = await this.#ask(packet.readlink, [{ bytes: path }]);
    fields.u32();
    return fields.bytes();
  }

  /** @param path absolute, or from the account's home */
  async realPath(path: Buffer): Promise<Buffer> {
    const { fields } = await this.#ask(packet.realpath, [{ bytes: path }]);
    fields.u32();
    return fields.bytes();
  }

  async makeLink(path: Buffer, target: Buffer): Promise<void> {
    // OpenSSH takes the two the other way round than the draft says, and so do its kin.
    await this.#ask(packet.symlink, [{ bytes: target }, { bytes: path }]);
  }

  async sync(handle: Handle): Promise<void> {
    const extension = 'fsync@openssh.com';
    if (this.has(extension)) await this.#ask(packet.extended, [{ bytes: extension }, { bytes: handle }]);
  }

  /** Copies bytes on the server. `copy-data` must be there. */
  async copyData(from: Handle, to: Handle, offset: number, length: number): Promise<void> {
    const fields = [{ bytes: from }, { u64: offset }, { u64: length }, { bytes: to }, { u64: offset }];
    await this.#ask(packet.extended, [{ bytes: 'copy-data' }, ...fields]);
  }

  /** Bytes of the file system in all and free, where the server tells. */
  async room(path: Buffer): Promise<{ readonly total: number; readonly free: number } | undefined> {
    const extension = 'statvfs@openssh.com';
    if (!this.has(extension)) return undefined;
    const { fields } = await this.#ask(packet.extended, [{ bytes: extension }, { bytes: path }]);
    fields.u64();
    const [unit, blocks, , available] = [fields.u64(), fields.u64(), fields.u64(), fields.u64()];
    return { total: unit * blocks, free: unit * available };
  }

  async #handle(type: number, fields: readonly Field[]): Promise<Handle> {
    const reply = await this.#ask(type, fields);
    return Buffer.from(reply.fields.bytes());
  }

  async #attributes(type: number, fields: readonly Field[]): Promise<Attributes> {
    return (await this.#ask(type, fields)).fields.attributes();
  }

  async #ask(type: number, fields: readonly Field[]): Promise<Reply> {
    return demand(await this.#askUntilEnd(type, fields));
  }

  /** @returns `undefined` at the end of what is read: no error, so none is made */
  #askUntilEnd(type: number, fields: readonly Field[]): Promise<Reply | undefined> {
    return this.#send((id) => this.#channel.write(encode(type, id, fields)));
  }

  #send(write: (id: number) => unknown): Promise<Reply | undefined> {
    if (!this.#isOpen) return Promise.reject(connectionLost(this.#name));
    const id = this.#next;
    this.#next = (this.#next + 1) % 0x1_0000_0000;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      write(id);
    });
  }

  #feed(chunk: Buffer): void {
    try {
      this.#framer.feed(chunk, (body) => this.#take(body));
    } catch (error) {
      this.#fail(new SteleError('PROTOCOL', `${this.#name} does not speak SFTP as it should.`, { cause: error }));
      this.close();
    }
  }

  #take(body: readonly Buffer[]): void {
    const pieces = headed(body);
    const [type = 0] = pieces[0];
    const fields = new Fields(pieces[0].subarray(1));
    const id = fields.u32();
    if (type === packet.version) return this.#welcome(fields);
    const waiting = this.#waiting.get(id);
    const code = type === packet.status ? fields.u32() : 0;
    if (code === status.end) waiting?.resolve(undefined);
    else if (code === 0) waiting?.resolve({ fields, data: type === packet.data ? dataOf(pieces) : [] });
    else waiting?.reject(new SftpError(code, fields.isAtEnd ? `status ${code}` : fields.bytes().toString()));
    // Last: who waits for an answer that can't be read has to hear of it, too.
    this.#waiting.delete(id);
  }

  #welcome(fields: Fields): void {
    // Once: each brings names of extensions that are kept.
    if (this.#isWelcome) throw new RangeError('SFTP begins twice');
    this.#isWelcome = true;
    while (!fields.isAtEnd) {
      this.#extensions.add(fields.bytes().toString());
      fields.bytes();
    }
    this.#version.resolve();
  }

  #fail(error: Error): void {
    this.#isOpen = false;
    this.#version.reject(error);
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

export const flags = openFlags;

export function isStatus(error: unknown, code: number): boolean {
  return error instanceof SftpError && error.status === code;
}

/** Where nothing is read, nothing can be at its end. */
function demand(reply: Reply | undefined): Reply {
  if (reply === undefined) throw new SftpError(status.end, 'the end');
  return reply;
}

function namesOf(fields: Fields): readonly Listed[] {
  const listed: Listed[] = [];
  for (let left = fields.u32(); left > 0; left -= 1) {
    // A copy: the packet's memory would live as long as the name.
    const name = Buffer.from(fields.bytes());
    fields.skip();
    const attributes = fields.attributes();
    if (isEntry(name)) listed.push({ name, attributes });
  }
  return listed;
}

/** Of what a server may list: a name that is a path would become one, here or where a folder is copied to. */
function isEntry(name: Buffer): boolean {
  if (name.length <= 2 && /^\.{0,2}$/.test(name.toString('latin1'))) return false;
  return !name.includes('/') && !name.includes(0);
}

function clamp(length: number): number {
  return length === 0 ? usualLength : Math.min(length, largest);
}
