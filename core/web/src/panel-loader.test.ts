import assert from 'node:assert/strict';
import { tagOf } from './panel-loader.ts';

const item = { id: 'panel-tasks/tasks', module: '/plugins/panel-tasks/1/index.js', export: 'TasksPanel' };

describe('tags of panels', () => {
  it('are valid names of elements', () => {
    assert.match(tagOf(item, 0), /^p-tasks-[a-z0-9]+$/);
    assert.match(tagOf({ ...item, id: 'x/Big Panel!' }, 0), /^p-big-panel--[a-z0-9]+$/);
  });

  it('differ by plugin, version, export and attempt', () => {
    const tags = [
      tagOf(item, 0),
      tagOf({ ...item, id: 'other/tasks' }, 0),
      tagOf({ ...item, module: '/plugins/panel-tasks/2/index.js' }, 0),
      tagOf({ ...item, export: 'Other' }, 0),
      tagOf(item, 1),
    ];
    assert.equal(new Set(tags).size, tags.length);
    assert.equal(tagOf(item, 0), tags[0]);
  });
});
