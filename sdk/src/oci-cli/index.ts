/**
 * The command-line grammar that docker-like engines share (Podman, Docker, nerdctl). An engine plugin states its
 * {@link Dialect} and hands it to {@link CliEngine}.
 */
export { checkLabel, checkName, checkSpec } from '../oci/checks.ts';
export type { ContainerFacts } from '../oci/container-facts.ts';
export type { FailureRule } from '../oci/failures.ts';
export { keptCapabilities } from '../oci/hardening.ts';
export { Cli, type CliRun } from './cli.ts';
export { createArguments, environmentText, runArguments } from './create-arguments.ts';
export { type Dialect, type HostTraits, plainTraits, type Survey, type Ulimit } from './dialect.ts';
export { CliEngine } from './engine.ts';
export { failureOf } from './failures.ts';
export type { ContainerNetwork } from './network.ts';
export { type InspectAnswer, inspectFormat, parseContainers } from './inspect.ts';
