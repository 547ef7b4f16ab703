import type { Connection, Task } from '@stele/sdk/api';
import { confirm, randomKey, type Host } from '@stele/sdk/web';
import { again } from './groups.ts';

/** What can be done with a task, each ending in the list by the event that it causes. */
export class TaskActions {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /**
   * Opens a task in a tab. The tab is opened by the click itself, because browsers block one that is opened later; it
   * learns its address when the server has made a way in, and can't reach back to this page.
   */
  async connect(task: Task): Promise<Connection | undefined> {
    const tab = globalThis.open('about:blank', '_blank');
    if (tab) wait(tab, task.name);
    try {
      const connection = await this.#host.api.post<Connection>(`/tasks/${task.id}/connect`);
      if (connection.kind === 'tcp') {
        tab?.close();
        return connection;
      }
      this.#enter(tab, connection.url, task.name);
      if (connection.password !== undefined) this.#tell(connection.password, task);
    } catch (error) {
      tab?.close();
      this.#host.toasts.problem(error, `Connect to “${task.name}”`);
    }
    return undefined;
  }

  /** Asks, and stops. */
  async stop(task: Task): Promise<Task | undefined> {
    const text = 'It ends within seconds. What it has not saved in a storage is lost.';
    const title = `Stop “${task.name}”?`;
    if (!(await confirm({ title, text, action: 'Stop it', dangerous: true }))) return undefined;
    return this.#host.api.post<Task>(`/tasks/${task.id}/stop`);
  }

  /** Brings back what lies in the task’s folder, now. */
  async bringBack(task: Task): Promise<Task> {
    return this.#host.api.post<Task>(`/tasks/${task.id}/bring-back`);
  }

  /** Forgets an ended task, after asking. @returns whether it is gone */
  async remove(task: Task): Promise<boolean> {
    const title = `Delete “${task.name}”?`;
    const text = 'Its log and settings go with it. Files in storages stay.';
    if (!(await confirm({ title, text, action: 'Delete', dangerous: true }))) return false;
    await this.#host.api.delete(`/tasks/${task.id}`);
    this.#host.toasts.show({ text: `“${task.name}” was deleted.`, tone: 'done' });
    return true;
  }

  /** Forgets several, after asking. @returns ids of those that are gone */
  async removeAll(tasks: readonly Task[]): Promise<readonly string[]> {
    const title = tasks.length === 1 ? 'Delete 1 ended task?' : `Delete ${tasks.length} ended tasks?`;
    const text = 'Their logs and settings go with them. Files in storages stay.';
    if (!(await confirm({ title, text, action: 'Delete', dangerous: true }))) return [];
    const gone: string[] = [];
    for (const task of tasks) {
      await this.#host.api.delete(`/tasks/${task.id}`);
      gone.push(task.id);
    }
    return gone;
  }

  /** Launches the same once more. */
  async again(task: Task): Promise<Task | undefined> {
    const launch = again(task, randomKey());
    return launch && this.#host.api.post<Task>('/tasks', launch);
  }

  #enter(tab: Window | null, url: string, name: string): void {
    if (tab) return tab.location.replace(url);
    const run = (): void => void globalThis.open(url, '_blank', 'noopener');
    this.#host.toasts.show({ text: `Your browser blocked the new tab of “${name}”.`, action: { label: 'Open', run } });
  }

  #tell(password: string, { id, name }: Pick<Task, 'id' | 'name'>): void {
    this.#host.toasts.show({ text: `If “${name}” asks for a password:`, code: password, stays: true, task: id });
  }
}

/** What the tab says until it has its address. */
function wait(tab: Window, name: string): void {
  tab.opener = null;
  tab.document.title = name;
  tab.document.body.textContent = `Opening “${name}”…`;
}
