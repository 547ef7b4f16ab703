import type { Duplex } from 'node:stream';
import { giveBack, worthLending } from '@stele/sdk';

/** Milliseconds that a side may take to read what is left after the other side has closed. */
const lastWords = 10_000;

/**
 * Joins two streams until either closes. Thousands of these are idle at a time, so a tunnel is nothing but an entry for
 * each side in this table: one set of listeners serves all, without closures.
 */
const peers = new WeakMap<Duplex, Duplex>();

export function tunnel(one: Duplex, other: Duplex): void {
  peers.set(one, other);
  peers.set(other, one);
  listen(one);
  listen(other);
  if (one.destroyed || other.destroyed) {
    one.destroy();
    other.destroy();
  }
}

function listen(stream: Duplex): void {
  stream.on('data', onData).on('drain', onDrain).on('end', onEnd).on('error', onError).on('close', onClose);
  stream.resume();
}

function onData(this: Duplex, chunk: Buffer): void {
  const peer = peers.get(this);
  if (peer === undefined) return;
  // Most are small: those go without a closure.
  const isTaken = chunk.length < worthLending ? peer.write(chunk) : peer.write(chunk, () => giveBack(chunk));
  if (!isTaken) this.pause();
}

function onDrain(this: Duplex): void {
  peers.get(this)?.resume();
}

function onEnd(this: Duplex): void {
  peers.get(this)?.end();
}

/** A broken side breaks the other one too: an orderly end would say that all had been said. */
function onError(this: Duplex): void {
  peers.get(this)?.destroy();
}

function onClose(this: Duplex): void {
  const peer = peers.get(this);
  peers.delete(this);
  if (peer === undefined || peer.destroyed) return;
  if (!this.readableEnded || peer.writableFinished) return void peer.destroy();
  const timer = setTimeout(() => peer.destroy(), lastWords);
  peer.once('finish', () => peer.destroy()).once('close', () => clearTimeout(timer));
  peer.end();
}
