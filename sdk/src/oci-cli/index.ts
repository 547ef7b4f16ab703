/**
 * The command-line grammar that docker-like engines share (Podman, Docker, nerdctl). An engine plugin states its
 * {@link Dialect} and hands it to {@link CliEngine}.
 */
export { checkLabel, checkName, checkSpec } from './checks.ts';
export { Cli, type CliRun } from './cli.ts';
export { createArguments, environmentText, keptCapabilities, runArguments } from './create-arguments.ts';
export { type Dialect, type FailureRule, type HostTraits, plainTraits, type Survey, type Ulimit } from './dialect.ts';
export { CliEngine } from './engine.ts';
export { failureOf } from './failures.ts';
export type { ContainerNetwork } from './network.ts';
export { type ContainerFacts, type InspectAnswer, inspectFormat, parseContainers } from './inspect.ts';
