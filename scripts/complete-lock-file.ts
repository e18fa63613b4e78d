import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { completeLockFile, type LockFile, missingOptionalPackages } from './lock-file.ts';
import { root } from './run.ts';

/** `npm run lock`: see lock-file.ts. To be run after `npm install` changed the lock file. */

const path = join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(path, 'utf8')) as LockFile;
const missing = missingOptionalPackages(lock);
if (missing.size > 0) writeFileSync(path, `${JSON.stringify(completeLockFile(lock), undefined, 2)}\n`);
console.log(missing.size === 0 ? 'The lock file is complete.' : `Added ${missing.size} packages of other platforms.`);
