/**
 * A command that adds a public line to the account that it is pasted into, making file and folder as sshd wants them. The
 * line has no quote in it: base64, and a comment made of a user name and a host name.
 */
export function authorizeCommand(publicKey: string): string {
  return `umask 077; mkdir -p ~/.ssh; echo '${publicKey.replaceAll("'", '')}' >> ~/.ssh/authorized_keys`;
}
