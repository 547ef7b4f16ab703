import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import {
  type CallbackOrder,
  type CallbackPlace,
  type CallbackRecord,
  type CallbackService,
  checkNetworks,
} from '@stele/sdk';
import type { Database, SecretBox } from '../model/index.ts';
import { isIn, networksOf } from '../network/index.ts';
import type { CallbackCall } from './call.ts';
import * as refusals from './refusals.ts';

const largestParcel = 1024 ** 2;

/** What callbacks are kept and known by. */
export interface CallbacksParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  /** Where the platform is called; known once it listens. */
  readonly origin: () => string;
}

/** What a call was answered with. */
export interface CallAnswer {
  /** Resource whose task it is. */
  readonly computing: string;
  /** Whether somebody should look at it at once. */
  readonly isUrgent: boolean;
  /** What the first caller is handed. */
  readonly parcel?: string;
}

type Taken = Omit<CallAnswer, 'isUrgent'>;

interface Row {
  readonly computing_id: string;
  readonly networks: readonly string[];
  readonly parcel: string | null;
  readonly secret_hash: string | null;
  readonly step: number;
  readonly is_final: boolean;
}

/** Tasks that call, in the database: whichever replica a call comes to, it is accepted once. */
export class StoredCallbacks {
  readonly #parts: CallbacksParts;
  readonly #ticketKey: Buffer;

  constructor(parts: CallbacksParts) {
    this.#parts = parts;
    this.#ticketKey = parts.secrets.derive('callback-tickets');
  }

  /** What the driver of a plugin gets. */
  of(plugin: string): CallbackService {
    return {
      origin: this.#parts.origin,
      open: (order) => this.#open(plugin, order),
      read: (resource, keys) => this.#read(plugin, resource, keys),
      close: (resource, key) => this.#close(plugin, resource, key),
    };
  }

  /**
   * Takes a call.
   * @param address whose it is, through declared proxies
   * @param hear reads what it says: nobody listens to strangers
   * @throws NOT_FOUND, DENIED, CONFLICT, INVALID: it has changed nothing
   */
  async take(id: string, address: string, hear: () => Promise<CallbackCall>): Promise<CallAnswer> {
    const [row] = await this.#run<Row>(
      'select computing_id, networks, parcel, secret_hash, step, is_final from callbacks where id = ?',
      [id],
    );
    if (row === undefined) throw refusals.nobodyWaits();
    if (!isIn(networksOf(row.networks), address)) throw refusals.fromElsewhere();
    const call = await hear();
    const answer = await (call.ticket === undefined
      ? this.#step(id, row, call)
      : this.#begin(id, row, call, call.ticket));
    return { ...answer, isUrgent: call.isUrgent };
  }

  async #open(plugin: string, { resource, key, networks, parcel }: CallbackOrder): Promise<CallbackPlace> {
    checkNetworks(networks, 'networks');
    if (Buffer.byteLength(parcel) > largestParcel) throw refusals.parcelTooBig();
    const id = randomUUID();
    const sealed = this.#parts.secrets.seal(parcel, `callback:${resource}:${key}`);
    const sql = `insert into callbacks as known (id, plugin, computing_id, task, networks, parcel, created_at)
      values (?, ?, ?, ?, ?::jsonb, ?, clock_timestamp())
      on conflict (plugin, computing_id, task) do update set networks = excluded.networks,
        parcel = case when known.secret_hash is null then excluded.parcel else known.parcel end
      returning id`;
    const params = [id, plugin, resource, key, JSON.stringify(networks), sealed];
    const [row] = await this.#run<{ id: string }>(sql, params);
    const name = row?.id ?? id;
    return { url: `${this.#parts.origin()}/api/v1/callbacks/${name}`, ticket: this.#ticketOf(name) };
  }

  async #read(plugin: string, resource: string, keys: readonly string[]): Promise<ReadonlyMap<string, CallbackRecord>> {
    if (keys.length === 0) return new Map();
    const sql = `select task, secret_hash is not null as has_begun, step, text, heard_at from callbacks
      where plugin = ? and computing_id = ? and task = any(string_to_array(?, ','))`;
    const rows = await this.#run<{
      task: string;
      has_begun: boolean;
      step: number;
      text: string;
      heard_at: Date | null;
    }>(sql, [plugin, resource, keys.join(',')]);
    return new Map(
      rows.map(({ task, has_begun: hasBegun, step, text, heard_at: heardAt }) => [
        task,
        {
          text,
          ...(hasBegun ? { step } : {}),
          ...(heardAt === null ? {} : { heardAt: new Date(heardAt).toISOString() }),
        },
      ]),
    );
  }

  async #close(plugin: string, resource: string, key: string): Promise<void> {
    await this.#run('delete from callbacks where plugin = ? and computing_id = ? and task = ?', [
      plugin,
      resource,
      key,
    ]);
  }

  /** The ticket binds whoever shows it first; who has lost the answer shows it again, with the same secret. */
  async #begin(id: string, row: Row, { secret }: CallbackCall, ticket: string): Promise<Taken> {
    if (!isSame(ticket, this.#ticketOf(id))) throw refusals.notYours();
    const sql = `update callbacks set secret_hash = ?, heard_at = clock_timestamp()
      where id = ? and (secret_hash is null or secret_hash = ?) and step = 0 and parcel is not null
      returning parcel, task`;
    const [taken] = await this.#run<{ parcel: string; task: string }>(sql, [hashOf(secret), id, hashOf(secret)]);
    if (taken === undefined) throw isOwner(row, secret) ? refusals.toldBefore(0) : refusals.usedUp();
    const computing = row.computing_id;
    return { computing, parcel: this.#parts.secrets.open(taken.parcel, `callback:${computing}:${taken.task}`) };
  }

  async #step(id: string, row: Row, { secret, step, text, isFinal }: CallbackCall): Promise<Taken> {
    if (!isOwner(row, secret)) throw refusals.notYours();
    const sql = `update callbacks set step = ?, text = ?, is_final = ?, parcel = null, heard_at = clock_timestamp()
      where id = ? and secret_hash = ? and step = ? and not is_final returning id`;
    const taken = await this.#run(sql, [step, text, isFinal, id, hashOf(secret), step - 1]);
    if (taken.length > 0) return { computing: row.computing_id };
    if (row.is_final) throw refusals.isOver();
    if (step > row.step + 1) throw refusals.tooFar(step, row.step + 1);
    throw refusals.toldBefore(step);
  }

  #ticketOf(id: string): string {
    return createHmac('sha256', this.#ticketKey).update(id).digest('base64url');
  }

  #run<T = unknown>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return this.#parts.database.orm.em.getConnection().execute<T[]>(sql, params as unknown[]);
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function isOwner({ secret_hash: known }: Row, secret: string): boolean {
  return known !== null && isSame(hashOf(secret), known);
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer];
  return timingSafeEqual(a, b);
}
