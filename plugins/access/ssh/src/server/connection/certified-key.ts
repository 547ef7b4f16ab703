/**
 * ssh2 (1.17.0) knows no OpenSSH certificates. Its public-key log-in takes algorithm and public half from the key object, so one
 * that shows a certificate in place of its public half does nearly all. But ssh2 writes the same algorithm into the signature,
 * where OpenSSH wants that of the bare key. So one message, the signed one for such a key, is written here. The version is pinned, and tests on a real sshd say when it no longer holds.
 */
import { createRequire } from 'node:module';
import type { Client, ParsedKey } from 'ssh2';
import { type Certificate, joined } from '../keys/certificate.ts';

type Sign = (data: Buffer, signed: (signature: Buffer) => void) => void;

/** What is used of ssh2's protocol object. */
interface Insides {
  readonly _kex: { readonly sessionID: Buffer };
  /** Which method the next answer is about. */
  readonly _authsQueue: string[];
  readonly _packetRW: {
    readonly write: { readonly allocStart: number; alloc(size: number): Buffer; finalize(packet: Buffer): Buffer };
  };
  authPK(user: string, key: ParsedKey, algorithm: string | undefined, sign?: Sign): void;
}

const { sendPacket } = createRequire(import.meta.url)('ssh2/lib/protocol/utils.js') as {
  sendPacket(protocol: Insides, packet: Buffer): void;
};

const userAuthRequest = 50;

/** The type of the bare key, of each key object that was made here. */
const bareTypes = new WeakMap<ParsedKey, string>();

/** A key that shows a certificate in place of its public half. */
export function certifiedKey(key: ParsedKey, certificate: Certificate): ParsedKey {
  const certified = Object.create(key, {
    type: { value: certificate.type },
    getPublicSSH: { value: () => certificate.blob },
  }) as ParsedKey;
  bareTypes.set(certified, key.type);
  return certified;
}

/** Teaches one connection, as soon as it begins to connect, to log in with such keys. */
export function teachCertificates(client: Client): void {
  const protocol = (client as unknown as { readonly _protocol: Insides })._protocol;
  const authPK = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    const bareType = bareTypes.get(key);
    // Whether the host would take it is asked as for any key: there is no signature in that.
    if (bareType === undefined || sign === undefined) authPK(user, key, algorithm, sign);
    else logIn(protocol, requestOf(user, key), bareType, sign);
  };
}

function logIn(protocol: Insides, request: Buffer, bareType: string, sign: Sign): void {
  const data = Buffer.concat([joined([protocol._kex.sessionID]), request]);
  sign(data, (signature) => {
    const written = joined([joined([Buffer.from(bareType), signature])]);
    send(protocol, Buffer.concat([request, written]));
  });
}

/** RFC 4252, section 7, up to the signature. */
function requestOf(user: string, key: ParsedKey): Buffer {
  const [name, service, method, type] = [user, 'ssh-connection', 'publickey', key.type].map((text) =>
    Buffer.from(text),
  );
  const isSigned = Buffer.of(1);
  return Buffer.concat([
    Buffer.of(userAuthRequest),
    joined([name, service, method] as Buffer[]),
    isSigned,
    joined([type as Buffer, key.getPublicSSH()]),
  ]);
}

function send(protocol: Insides, payload: Buffer): void {
  const { write } = protocol._packetRW;
  const packet = write.alloc(payload.length);
  packet.set(payload, write.allocStart);
  protocol._authsQueue.push('publickey');
  sendPacket(protocol, write.finalize(packet));
}
