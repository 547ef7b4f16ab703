import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { messageOf } from '@stele/sdk';

export interface RotationLimits {
  /** Bytes after which a new file is begun. */
  readonly size: number;
  /** Full files that are kept, as `<path>.1` (the newest) to `<path>.<kept>`. */
  readonly kept: number;
}

const defaults: RotationLimits = { size: 10 * 1024 * 1024, kept: 3 };

/** A log that can't fill the disk. Writes at once: the lines before a crash are those that are wanted. */
export class RotatingFile implements Disposable {
  readonly #path: string;
  readonly #limits: RotationLimits;
  readonly #complain: (words: string) => void;
  #file: number;
  #size: number;
  #isFailing = false;

  constructor(path: string, complain: (words: string) => void, limits: RotationLimits = defaults) {
    this.#path = path;
    this.#limits = limits;
    this.#complain = complain;
    this.#file = open(path);
    this.#size = fstatSync(this.#file).size;
  }

  /** A disk that is full costs lines, not the platform: it is said once, until lines get through again. */
  write(text: string): void {
    try {
      this.#write(text);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#complain(`the log can’t be written: ${messageOf(error)}`);
      this.#isFailing = true;
    }
  }

  #write(text: string): void {
    const length = Buffer.byteLength(text);
    if (this.#size > 0 && this.#size + length > this.#limits.size) this.#rotate();
    writeSync(this.#file, text);
    this.#size += length;
  }

  #rotate(): void {
    for (let at = this.#limits.kept - 1; at >= 1; at -= 1)
      moveIfThere(`${this.#path}.${at}`, `${this.#path}.${at + 1}`);
    moveIfThere(this.#path, `${this.#path}.1`);
    const full = this.#file;
    this.#file = open(this.#path);
    this.#size = 0;
    closeSync(full);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

function open(path: string): number {
  return openSync(path, 'a', 0o600);
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
