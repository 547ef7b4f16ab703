export { nextStep, type StagingStep, stagingSteps } from './next-step.ts';
export type { OwnStages } from './parts.ts';
export { StagingPlanner } from './planner.ts';
export { askToBringBack, needsClearing } from './requests.ts';
export { Stager } from './stager.ts';
export { stagingAtStart } from './start.ts';
export { stagingView } from './view.ts';
