import type { Architecture } from '@stele/sdk';

const architectures: Readonly<Record<string, Architecture>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  ppc64le: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
};

/** The OCI's name for what `uname -m` prints. */
export function architectureOf(machine: string): Architecture | undefined {
  return architectures[machine.trim()];
}
