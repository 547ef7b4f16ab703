import type { Architecture } from '../resources.ts';

const byKernel: Readonly<Record<string, Architecture>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm/v7',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  i386: '386',
};

/** The OCI name of an architecture that the kernel names, as `uname -m` does. Pure. */
export function ociArchitecture(machine: string): Architecture | undefined {
  return byKernel[machine];
}
