import { createHash } from 'node:crypto';
import { formatImage, type ImageRef, SteleError } from '@stele/sdk';
import type { SingularitySettings } from '../settings.ts';

/** An image on its way from a registry to a file. */
export interface ImagePlace {
  /** Where the program fetches it from. */
  readonly uri: string;
  /** An absolute path, or a name in the folder of images. */
  readonly file: string;
  /** Whether its registry is spoken to in plain HTTP. */
  readonly isPlain: boolean;
}

type Choices = Pick<SingularitySettings, 'imageFiles' | 'insecureRegistries'>;

/**
 * Where an image comes from and where it lies. Pure: whoever fetches it and whoever runs it agree without a word.
 * @throws INVALID (field `image`) when a part breaks the grammar
 */
export function imagePlace(image: ImageRef, { imageFiles, insecureRegistries }: Choices): ImagePlace {
  const reference = formatImage(image);
  const isPlain = insecureRegistries.includes(image.registry) || isLoopback(image.registry);
  return { uri: `docker://${reference}`, file: imageFiles[reference] ?? fileName(image, reference), isPlain };
}

/**
 * Where an image that no registry has could come from. Apptainer 1.4 takes `localhost/…` for a name at docker.io, where it would be a
 * stranger's.
 * @throws NOT_FOUND (field `image`) for an image of some machine's own engine, unless the operator has a file of it
 */
export function demandSource(image: ImageRef, { file }: ImagePlace): void {
  if (image.registry !== 'localhost' || file.startsWith('/')) return;
  const why = 'is an image of the machine that built it: Singularity fetches from registries alone';
  throw new SteleError('NOT_FOUND', `“${formatImage(image)}” ${why}. Push it to one that is reached from here.`, {
    field: 'image',
  });
}

/** For people who look into the folder; the digest keeps apart what reads alike. */
function fileName(image: ImageRef, reference: string): string {
  const name = image.repository.split('/').at(-1)?.slice(0, 60) ?? '';
  return `${name}-${createHash('sha256').update(reference).digest('hex').slice(0, 16)}.sif`;
}

function isLoopback(registry: string): boolean {
  return /^(localhost|127\.0\.0\.\d{1,3})(:\d+)?$/.test(registry);
}
