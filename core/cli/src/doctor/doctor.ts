import { resolve } from 'node:path';
import { ControlClient } from '../control/client.ts';
import { exitCode } from '../exit-code.ts';
import { siteFile } from '../place.ts';
import type { DoctorOptions } from '../program.ts';
import { print } from '../terminal.ts';
import { examine } from './examine.ts';
import { asJson, asText, count } from './report.ts';

/** `stele doctor` */
export async function doctor({ data, site, json }: DoctorOptions): Promise<void> {
  const dataDir = resolve(data);
  const running = await ControlClient.find(dataDir);
  const subject = { siteFile: siteFile(site), dataDir, environment: process.env, runningAs: running?.pid };
  const findings = await examine(subject);
  print(json ? asJson(findings) : asText(findings));
  if (count(findings, 'broken') > 0) process.exitCode = exitCode.failed;
}
