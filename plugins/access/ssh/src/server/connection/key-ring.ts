import type { LoginKey } from '@stele/sdk';
import type { Certificate } from '../keys/certificate.ts';
import { userCertificate, whyLeftOut, whyRefused } from '../keys/user-certificate.ts';

/** What to log in with: the key that is to stay, then the one that is being replaced. */
export type Keys = readonly [LoginKey, ...LoginKey[]];

/** Keys, and whose they are. */
export interface OwnKeys {
  readonly keys: Keys;
  /** Tells owners apart: nobody has to wait for what others were refused. */
  readonly owner: string;
}

/** What a host is asked to take: a key with its certificate, or the key alone. */
export interface Offer {
  readonly privateKey: string;
  readonly certificate?: Certificate;
}

/** ms for which a host is offered last what it has refused: each refusal counts for its `MaxAuthTries`, and for guards such as fail2ban. */
const memory = 60_000;

/** What tells the time: ms that only grow, and ms since 1970. */
interface Clocks {
  readonly now: () => number;
  readonly date: () => number;
}

const realClocks: Clocks = { now: () => performance.now(), date: () => Date.now() };

/** The keys of an account on a host, in the order in which they are offered to it: each with its certificate first, then alone. */
export class KeyRing {
  readonly #key: string;
  /** `undefined`: one that can't be used. */
  readonly #certificates: readonly (Certificate | undefined)[];
  readonly #offers: readonly Offer[];
  readonly #clocks: Clocks;
  readonly #refusedAt = new Map<Offer, number>();
  #left: Offer[] = [];
  #offered: Offer | undefined;

  constructor(keys: Keys, clocks: Partial<Clocks> = {}) {
    this.#key = keys[0].privateKey;
    this.#clocks = { ...realClocks, ...clocks };
    const read = keys.map(({ privateKey, certificate: line }) => ({
      privateKey,
      certificates: line === undefined ? [] : [userCertificate(line)],
    }));
    this.#certificates = read.flatMap(({ certificates }) => certificates);
    this.#offers = read.flatMap(({ privateKey, certificates: [certificate] }) =>
      certificate === undefined ? [{ privateKey }] : [{ privateKey, certificate }, { privateKey }],
    );
  }

  /** How many log-ins it takes until a host that ends each after one refusal has seen everything. */
  get size(): number {
    return this.#offers.length;
  }

  get hasCertificates(): boolean {
    return this.#offers.some(({ certificate }) => certificate !== undefined);
  }

  /** A new log-in begins: all that counts today is offered again, first what wasn't refused lately. */
  begin(): void {
    const date = this.#clocks.date();
    const counts = ({ certificate }: Offer) => certificate === undefined || whyLeftOut(certificate, date) === undefined;
    this.#left = this.#offers.filter(counts).toSorted((one, other) => this.#rank(one) - this.#rank(other));
    this.#offered = undefined;
  }

  /** What to offer next; what was offered before it has been refused. */
  next(): Offer | undefined {
    this.refused();
    this.#offered = this.#left.shift();
    return this.#offered;
  }

  /** The host did not take what was offered last. */
  refused(): void {
    if (this.#offered !== undefined) this.#refusedAt.set(this.#offered, this.#clocks.now());
  }

  /** The host took what was offered last. */
  taken(): void {
    if (this.#offered !== undefined) this.#refusedAt.delete(this.#offered);
  }

  /** Whether the host ended a log-in before it had seen all there is: with `MaxAuthTries 1`, it does so after the first. */
  get isCutShort(): boolean {
    return this.#offered !== undefined && this.#left.length > 0;
  }

  /** Whether the host was offered another key last than the one that is to stay. */
  get isBehind(): boolean {
    return this.#offered?.privateKey !== this.#key;
  }

  /** Which certificates aren't offered today, and why: sentences. */
  get leftOut(): readonly string[] {
    const date = this.#clocks.date();
    return this.#certificates.flatMap((certificate) => whyLeftOut(certificate, date) ?? []);
  }

  /** What there is to say of the certificates when an account was not let in: sentences. */
  remarks(user: string): readonly string[] {
    const date = this.#clocks.date();
    return this.#certificates.map(
      (certificate) => whyLeftOut(certificate, date) ?? whyRefused(certificate as Certificate, user),
    );
  }

  #rank(offer: Offer): number {
    return this.#clocks.now() - (this.#refusedAt.get(offer) ?? -Infinity) < memory ? 1 : 0;
  }
}
