import type { PullOptions } from '../engine.ts';
import { formatImage } from '../grammar.ts';
import type { ImageRef } from '../resources.ts';
import type { Dialect } from './dialect.ts';

/** How an image is fetched. */
interface Fetching extends Pick<PullOptions, 'architecture'> {
  /** Folder on the host with credentials in its `config.json`. Absent: without any. */
  readonly folder?: string;
  /** Whether it says nothing but what went wrong. */
  readonly isQuiet?: boolean;
}

/** Arguments of `pull`, after the program. Pure. */
export function pullArguments(
  dialect: Dialect,
  image: ImageRef,
  { architecture, folder, isQuiet }: Fetching,
): readonly string[] {
  const auth = folder === undefined ? { global: [], pull: [] } : dialect.authArguments(folder);
  const quiet = isQuiet ? ['--quiet'] : [];
  const platform = architecture === undefined ? [] : ['--platform', `linux/${architecture}`];
  const options = [...quiet, ...auth.pull, ...platform, ...dialect.pullArguments(image)];
  return [...auth.global, 'pull', ...options, formatImage(image)];
}
