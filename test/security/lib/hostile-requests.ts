/** Paths with one meaning, which a task gets to the letter. */
export const clearPaths: readonly string[] = [
  '/echo/a%20b',
  '/echo/a%2Bb',
  '/echo/%E2%82%AC',
  '/echo/a;b=c',
  '/echo?x=/../y',
  '/echo?next=//evil.example',
  '/echo/a..b',
  '/echo/...',
];

/** Paths that two programs may read as two different ones. */
export const unclearPaths: readonly string[] = [
  '//evil.example/echo',
  '/echo/../x',
  '/echo/./x',
  '/echo/%2e%2e/x',
  '/echo/%2E./x',
  '/echo/.%2e',
  '/echo%2f..%2fx',
  '/echo/..%5cx',
  '/echo\\x',
  '/\\evil.example',
  '/echo/%00',
  '/echo/%0a',
  '/echo/%zz',
  '/%2e%2e/.stele/enter',
  '/.stele%2fenter',
  '/%2estele/enter',
  '/.STELE/enter',
  '/.stele',
  '/x/../.stele/status',
  '/echo/%252e%252e/../x',
  '/%2F/evil.example',
  '/.%73tele/enter',
];

const smuggled = `GET /echo/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;

/** Requests that two programs may end at different places. `head` names host and cookie. */
export const unclearRequests = (head: string): string[] => [
  `POST /echo HTTP/1.1\r\n${head}Content-Length: ${smuggled.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
  `POST /echo HTTP/1.1\r\n${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  `POST /echo HTTP/1.1\r\n${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `POST /echo HTTP/1.1\r\n${head}Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello`,
  `POST /echo HTTP/1.1\r\n${head}Content-Length: +5\r\n\r\nhello`,
  `POST /echo HTTP/1.1\r\n${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  `GET /echo HTTP/1.1\r\n${head}X: a\rb\r\n\r\n`,
  `GET /echo HTTP/1.1\r\n${head}Host: evil.example\r\n\r\n`,
  `GET /echo HTTP/1.1\r\n${head} folded: x\r\n\r\n`,
  `TRACE /echo HTTP/1.1\r\n${head}\r\n`,
];

/** Cookies by which a task would be taken for the platform, or for another task. */
export const tossedCookies = (sibling: string): string[] => [
  '__Host-stele=x; Path=/; Secure',
  '__host-STELE=x',
  '__Host-stele-task=x; Path=/; Secure',
  ' __Host-stele=x',
  `__Host-stele-task-${sibling}=x`,
  '=__Host-stele=x',
  '__Secure-stele=x',
];
