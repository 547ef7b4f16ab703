/**
 * What engines of OCI containers share, however they are spoken to: by a command line ({@link CliEngine} of
 * `@stele/sdk/oci-cli`) or by an API.
 */
export { ociArchitecture } from './architecture.ts';
export { authFileText } from './auth-file.ts';
export { checkLabel, checkName, checkSpec } from './checks.ts';
export { type ContainerFacts, type InspectLine, readFacts, timeOf } from './container-facts.ts';
export { registryDigest } from './digest.ts';
export { commonFailures, demandRegistry, type FailureRule, lastLine, ofImage, readFailure } from './failures.ts';
export { keptCapabilities, processLimit } from './hardening.ts';
export { linesOf } from './lines.ts';
export { isSuspect, judge, readKernelLog } from './out-of-memory.ts';
export { PullProgress } from './pull-progress.ts';
export { type StartSteps, startOnce } from './starting.ts';
export { Surveys } from './surveys.ts';
