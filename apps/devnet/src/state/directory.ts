import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DevnetError } from '../error.ts';
import { type StateLayout, stateLayout } from './layout.ts';

/**
 * Opens the state directory, making it when it is absent. What a first start left half done is thrown away: nothing
 * of it was ever used.
 * @throws DevnetError when the directory holds something that is not a devnet.
 */
export function openStateDirectory(directory: string): StateLayout {
  const layout = stateLayout(directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(layout.marker)) {
    if (readdirSync(directory).length > 0) {
      throw new DevnetError(
        `${directory} holds files that are not a devnet's. Choose an empty or new one: npm start -- --state-dir DIR`,
      );
    }
    writeFileSync(layout.marker, 'The state of a FastPay devnet. Its keys are worth nothing elsewhere.\n');
  }
  return layout;
}

/** Deletes the whole state; the directory, its marker, the lock and the chosen ports stay. Gives back what was deleted. */
export function clearState(layout: StateLayout): readonly string[] {
  const kept = [layout.marker, layout.lock, layout.ports];
  const deleted = readdirSync(layout.directory).filter((name) => !kept.includes(`${layout.directory}/${name}`));
  for (const name of deleted) rmSync(`${layout.directory}/${name}`, { recursive: true });
  return deleted;
}
