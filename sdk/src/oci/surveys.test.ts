import assert from 'node:assert/strict';
import type { Host } from '../access.ts';
import { Surveys } from './surveys.ts';

const survey = { version: '1' };
const lease = (connection?: object): Host => (connection === undefined ? {} : { connection }) as Host;

describe('what is known about hosts', () => {
  it('is shared by the leases of a connection, and by no others', () => {
    const surveys = new Surveys<typeof survey>();
    const connection = {};
    surveys.keep(lease(connection), survey);
    assert.equal(surveys.of(lease(connection)), survey);
    assert.equal(surveys.of(lease({})), undefined);
    assert.equal(surveys.of(lease()), undefined);
  });

  it('is known to one lease where leases say nothing of a connection', () => {
    const surveys = new Surveys<typeof survey>();
    const host = lease();
    surveys.keep(host, survey);
    assert.equal(surveys.of(host), survey);
    assert.equal(surveys.of(lease()), undefined);
  });

  it('is believed for a minute, or for less', () => {
    let now = 0;
    const surveys = new Surveys<typeof survey>(() => now);
    const host = lease({});
    surveys.keep(host, survey);
    assert.equal(surveys.of(host, 0), undefined);
    now = 59_999;
    assert.equal(surveys.of(host), survey);
    assert.equal(surveys.of(host, 59), undefined);
    now = 60_000;
    assert.equal(surveys.of(host), undefined);
  });
});
