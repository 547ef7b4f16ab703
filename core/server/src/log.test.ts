import assert from 'node:assert/strict';
import { createLogger, type LogOptions } from './log.ts';

function lines(options: LogOptions, write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const texts: string[] = [];
  write(createLogger({ ...options, destination: { write: (text) => void texts.push(text) } }));
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

describe('createLogger', () => {
  it('writes one JSON object a line, with fields of its parents', () => {
    const [line] = lines({}, (log) => log.child({ plugin: 'p' }).child({ task: 't' }).warn('Hm', { count: 1 }));
    const { time, ...rest } = line ?? {};
    assert.deepEqual(rest, { level: 'warn', plugin: 'p', task: 't', count: 1, msg: 'Hm' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('keeps to its level', () => {
    const written = lines({ level: 'warn' }, (log) => {
      log.info('no');
      log.error('yes');
    });
    assert.deepEqual(
      written.map(({ msg }) => msg),
      ['yes'],
    );
  });

  it('writes errors with stack and cause', () => {
    const cause = new Error('inner');
    const [line] = lines({}, (log) => log.error('Failed', { error: new Error('outer', { cause }) }));
    const { error } = line as { error: { message: string; stack: string } };
    assert.match(error.message, /outer/);
    assert.match(error.stack, /inner/);
  });

  it('hides what is called like a secret, also one level down', () => {
    const fields = { password: 'p1', headers: { cookie: 'p2', authorization: 'p3', host: 'h' } };
    const [line] = lines({}, (log) => log.info('Request', fields));
    assert.ok(!/p[123]/.test(JSON.stringify(line)));
    assert.match(JSON.stringify(line), /"host":"h"/);
  });
});
