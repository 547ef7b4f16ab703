import { registerIconLibrary } from '@awesome.me/webawesome/dist/components/icon/library.js';
import { iconAliases, icons } from '@stele/sdk/web';

/** URL of the file with all icons; written in by the build. */
declare const STELE_ICONS: string;

/** Web Awesome's own icons come from our file: its default library would ask another host. */
export function useOwnIcons(): void {
  const resolver = (name: string): string => `${STELE_ICONS}#${name in icons ? name : (iconAliases[name] ?? 'circle')}`;
  for (const library of ['default', 'system']) registerIconLibrary(library, { resolver, spriteSheet: true });
}
