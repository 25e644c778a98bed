// Finds a Chromium on this machine; none is ever downloaded.
import { accessSync, constants } from 'node:fs';

/** Debian's, other distributions' and Google's, in this order. */
const USUAL_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

export type Chromium = { readonly path: string } | { readonly missing: string };

/** `STEPSHIFT_CHROMIUM` names another one. */
export function findChromium(named: string | undefined): Chromium {
  const places = named === undefined ? USUAL_PLACES : [named];
  const path = places.find(isExecutable);
  return path === undefined ? { missing: `there is no Chromium at ${places.join(', ')}` } : { path };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
