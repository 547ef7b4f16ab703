/** The parts of an image reference, as the API names them. */
export interface Reference {
  readonly registry: string;
  readonly image: string;
  readonly tag?: string;
  readonly digest?: string;
}

/**
 * Reads a reference as people paste it: `debian`, `jupyter/base-notebook:2025`, `localhost:5000/x@sha256:…`, also with
 * `docker://` before it. Nothing is checked here: the server says what is wrong.
 */
export function parseReference(text: string): Reference {
  const plain = text.trim().replace(/^(docker|https?|oci):\/\//, '');
  const [rest, digest] = split(plain, '@');
  const slash = rest.indexOf('/');
  const first = slash === -1 ? '' : rest.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === 'localhost';
  const registry = isHost ? first : 'docker.io';
  const [name, tag] = split(isHost ? rest.slice(slash + 1) : rest, ':');
  // Docker Hub's own images live below `library/`, which nobody types.
  const image = registry === 'docker.io' && name !== '' && !name.includes('/') ? `library/${name}` : name;
  return { registry, image, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The shortest way to write a reference that reads back as the same. */
export function formatReference({ registry, image, tag, digest }: Reference): string {
  const isHub = registry === 'docker.io';
  const name = isHub ? image.replace(/^library\/(?=[^/]+$)/, '') : `${registry}/${image}`;
  return `${name}${tag === undefined || tag === '' ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

function split(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}
