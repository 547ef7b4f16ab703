import { createHash } from 'node:crypto';
import { formatImage, type ImageRef } from '@stele/sdk';
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

/** For people who look into the folder; the digest keeps apart what reads alike. */
function fileName(image: ImageRef, reference: string): string {
  const name = image.repository.split('/').at(-1)?.slice(0, 60) ?? '';
  return `${name}-${createHash('sha256').update(reference).digest('hex').slice(0, 16)}.sif`;
}

function isLoopback(registry: string): boolean {
  return /^(localhost|127\.0\.0\.\d{1,3})(:\d+)?$/.test(registry);
}
