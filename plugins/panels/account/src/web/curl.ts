/** A command that proves that a token works. The token stays out of the command line, where every process of a machine sees it. */
export function curlExample(origin: string, secret: string): string {
  return `curl ${origin}/api/v1/tasks --header @- <<'END'\nAuthorization: Bearer ${secret}\nEND`;
}
