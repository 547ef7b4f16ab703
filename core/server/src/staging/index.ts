export { nextStep, type StagingStep } from './next-step.ts';
export { StagingPlanner } from './planner.ts';
export { askToBringBack, needsClearing } from './requests.ts';
export { stagingView } from './view.ts';
export { Stager } from './stager.ts';
