/**
 * npm leaves optional packages of other platforms out of the lock file when the registry at hand does not have them,
 * and then refuses its own lock file (`npm ci`: "Missing: … from lock file"). This puts them in: npm skips what does
 * not fit the platform without asking for it.
 */

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** Optional packages that a locked package names and the lock file does not hold, with the place they belong to. */
export function missingOptionalPackages(lock: LockFile): ReadonlyMap<string, string> {
  const missing = new Map<string, string>();
  for (const [path, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (!placesOf(path, name).some((place) => place in lock.packages)) missing.set(`node_modules/${name}`, version);
    }
  }
  return missing;
}

/** Where Node looks for `name` from the package at `path`, nearest first. */
function placesOf(path: string, name: string): readonly string[] {
  const places: string[] = [];
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    places.push(`${folder === '' ? '' : `${folder}/`}node_modules/${name}`);
    if (folder === '' || !folder.includes('node_modules/')) break;
  }
  return [...places, `node_modules/${name}`];
}

/** The same lock file with an entry for each of them, everything in npm's order. */
export function completeLockFile(lock: LockFile): LockFile {
  const added = [...missingOptionalPackages(lock)].map(([path, version]) => [path, entryFor(path, version)] as const);
  const compare = new Intl.Collator('en').compare;
  const packages = [...Object.entries(lock.packages), ...added].toSorted(([left], [right]) => compare(left, right));
  return { ...lock, packages: Object.fromEntries(packages) };
}

/** @throws Error when the version is a range or the name does not tell the platform. */
function entryFor(path: string, version: string): LockedPackage {
  const words = path.split(/[/-]/);
  const os = systems.filter((system) => words.includes(system));
  const cpu = processors.filter((processor) => words.includes(processor));
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${path}: ${version} is no exact version`);
  if (os.length === 0 && cpu.length === 0) throw new Error(`${path}: the name tells no platform`);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : [];
  return {
    version,
    ...(cpu.length > 0 ? { cpu } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
  };
}
