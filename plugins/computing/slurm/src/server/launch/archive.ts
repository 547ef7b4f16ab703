const block = 512;
/** Of a file that its account alone reads. */
const mode = 0o600;

/** Plain files as an archive that every `tar` unpacks (POSIX.1-1988 ustar). Pure. @param files by name, of less than 100 bytes each */
export function archiveOf(files: Readonly<Record<string, string>>, seconds: number): Buffer {
  const parts = Object.entries(files).flatMap(([name, text]) => {
    const content = Buffer.from(text);
    return [headerOf(name, content.length, seconds), content, Buffer.alloc(-content.length & (block - 1))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * block)]);
}

function headerOf(name: string, size: number, seconds: number): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(size, 12), 124);
  header.write(octal(seconds, 12), 136);
  // The sum is made with blanks in its own place.
  header.write(' '.repeat(8), 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${octal(sum, 7)}\0 `, 148);
  return header;
}

/** As many digits as fit beside the NUL that ends a field of this width. */
function octal(value: number, width: number): string {
  return value.toString(8).padStart(width - 1, '0');
}
