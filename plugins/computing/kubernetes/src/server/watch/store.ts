import type { PodSeen } from '../pod/seen.ts';
import type { Place } from '../names.ts';

/** Pods that are gone, remembered at most. */
const memory = 10_000;

/** What is known of the pods of tasks, kept up to date by a watch and by what we do ourselves. */
export class PodStore {
  readonly #pods = new Map<string, PodSeen>();
  /** As last seen, of those whose removal was none of ours. */
  readonly #gone = new Map<string, PodSeen>();
  /** Identities of pods that we removed: late news of them isn't listened to. */
  readonly #removed = new Set<string>();
  readonly #waiting = new Set<() => void>();

  get size(): number {
    return this.#pods.size;
  }

  get({ namespace, name }: Place): PodSeen | undefined {
    return this.#pods.get(`${namespace}/${name}`);
  }

  /** What was last seen of a pod that is gone, unless we removed it. */
  gone({ namespace, name }: Place): PodSeen | undefined {
    return this.#gone.get(`${namespace}/${name}`);
  }

  /** Takes in what was seen of a pod, unless something newer is known. */
  put(pod: PodSeen): void {
    if (this.#removed.has(pod.uid)) return;
    const id = idOf(pod);
    const known = this.#pods.get(id);
    if (known !== undefined && known.uid === pod.uid && isOlder(pod.version, known.version)) return;
    if (isSecond(pod, known ?? this.#gone.get(id))) return;
    this.#pods.set(id, pod);
    this.#gone.delete(id);
    this.#tell();
  }

  /** A pod is gone, and none of us asked for that. */
  lose(pod: PodSeen): void {
    const id = idOf(pod);
    if (this.#removed.has(pod.uid)) return;
    const known = this.#pods.get(id) ?? this.#gone.get(id);
    if (isSecond(pod, known)) return;
    if (this.#pods.get(id)?.uid === pod.uid) this.#pods.delete(id);
    // That we asked for its end is known to us alone, where it had no node.
    const asked = known?.uid === pod.uid && known.cancelledAt !== undefined ? { cancelledAt: known.cancelledAt } : {};
    this.#gone.set(id, { ...pod, ...asked });
    trim(this.#gone);
    this.#tell();
  }

  /** A pod was removed by us. */
  remove(place: Place, uid: string | undefined): void {
    const id = idOf(place);
    const known = this.#pods.get(id);
    for (const each of [uid, known?.uid]) if (each !== undefined) this.#removed.add(each);
    trim(this.#removed);
    this.#pods.delete(id);
    this.#gone.delete(id);
    this.#tell();
  }

  /** Takes in a whole list. Who isn't on it any more is gone, unless that pod is newer than the list. */
  replace(pods: readonly PodSeen[], version: string): void {
    const listed = new Set(pods.map(({ uid }) => uid));
    for (const pod of [...this.#pods.values()]) {
      if (!listed.has(pod.uid) && !isOlder(version, pod.version)) this.lose(pod);
    }
    for (const pod of pods) this.put(pod);
  }

  /** Waits for the next change. */
  change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  #tell(): void {
    for (const done of [...this.#waiting]) done();
  }
}

/** Jobs make another pod where somebody took theirs away. A task has one, and has ended with it. */
function isSecond({ isJob, uid }: PodSeen, first: PodSeen | undefined): boolean {
  return isJob === true && first !== undefined && first.uid !== uid;
}

function idOf({ namespace, name }: Place): string {
  return `${namespace}/${name}`;
}

/** Versions are numbers that only grow. One that isn't a number is taken for news. */
function isOlder(version: string, known: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(known)) return false;
  return BigInt(version) < BigInt(known);
}

function trim(collection: Map<string, unknown> | Set<string>): void {
  for (const first of collection.keys()) {
    if (collection.size <= memory) return;
    collection.delete(first);
  }
}
