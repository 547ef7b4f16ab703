/** Sub-protocol of a port-forward by WebSocket: each message begins with the number of a channel. */
export const protocol = 'v4.channel.k8s.io';

/** Channels of the one port that is asked for. */
export const [dataChannel, errorChannel] = [0, 1];

/** What a message is. Pure. */
export function readFrame(message: Uint8Array): { readonly channel: number; readonly content: Uint8Array } {
  return { channel: message[0] ?? -1, content: message.subarray(1) };
}

/** A message with data, of one copy. Pure. */
export function dataFrame(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat([dataHead, ...chunks]);
}

const dataHead = Buffer.from([dataChannel]);
