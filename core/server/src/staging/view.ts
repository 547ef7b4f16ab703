import type { TaskStaging } from '@stele/sdk/api';
import type { Stage, StagedPlace, Task } from '../model/index.ts';

/** What the API shows of a task's staging. */
export function stagingView({ staging, staged }: Pick<Task, 'staging' | 'staged'>): TaskStaging | undefined {
  if (!staging || !staged) return undefined;
  const { target, workspace, in: sources, out } = staging;
  return {
    folder: target,
    ...(workspace ? { workspace: placeView(workspace) } : {}),
    ...(sources.length === 0 ? {} : { in: { ...stageView(staged.in), from: sources.map(placeView) } }),
    ...(out && staged.out ? { out: { ...stageView(staged.out), to: placeView(out), folder: out.folder } } : {}),
  };
}

function stageView(stage: Stage): Omit<Stage, 'upTo'> {
  const { upTo: _, ...shown } = stage;
  return shown;
}

function placeView({ storage, storageName, path }: StagedPlace) {
  return { storage: { id: storage, name: storageName }, path };
}
