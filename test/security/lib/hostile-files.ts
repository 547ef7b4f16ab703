/** Names of files and what is in them, that a careless server would run, or break on. */
export const hostileNames: readonly [string, string][] = [
  ['page.html', '<script>alert(1)</script>'],
  ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
  ['script.js', 'alert(1)'],
  ['style.css', '*{}'],
  ['data.xml', '<?xml version="1.0"?><x/>'],
  ['data.json', '{}'],
  ['none', '<html>'],
  ['<img src=x onerror=alert(1)>.html', 'x'],
  ['"; filename="evil.exe', 'x'],
  ['a\r\nSet-Cookie: x=y\r\n\r\n<script>', 'x'],
  ['a%0d%0aX: y', 'x'],
  ['日本語 ü.html', 'x'],
  ['-rf', 'x'],
  ['$(touch x)', 'x'],
  ["'; id; '", 'x'],
  ['\u202egnp.exe', 'x'],
  [' ', 'x'],
  ['...', 'x'],
  ['a\\..\\b', 'x'],
];

const none = 'Range Not Satisfiable';
/** File, what is asked of it, and what comes. `ten` has ten digits. */
export const ranges: readonly [string, string, number, string][] = [
  ['ten', 'bytes=0-0', 206, '0'],
  ['ten', 'bytes=9-', 206, '9'],
  ['ten', 'bytes=-3', 206, '789'],
  ['ten', 'bytes=-99', 206, '0123456789'],
  ['ten', 'bytes=5-99', 206, '56789'],
  ['ten', 'bytes=10-', 416, none],
  ['ten', 'bytes=99999999999999999999-', 416, none],
  ['ten', 'bytes=0-99999999999999999999', 206, '0123456789'],
  ['ten', 'bytes=-0', 416, none],
  ['ten', 'bytes=-', 200, '0123456789'],
  ['ten', 'bytes=0-1,3-4', 200, '0123456789'],
  ['ten', 'bytes=a-b', 200, '0123456789'],
  ['ten', 'bytes=-1-2', 200, '0123456789'],
  ['ten', 'bytes=0x1-', 200, '0123456789'],
  ['ten', 'lines=0-1', 200, '0123456789'],
  ['empty', 'bytes=0-', 416, none],
  ['empty', 'bytes=-1', 416, none],
];
