/** The zones a browser knows, to choose from while typing. */
import type { JSX } from 'preact';

export const ZONE_LIST = 'zones';

export const ZoneList = (): JSX.Element => (
  <datalist id={ZONE_LIST}>
    {Intl.supportedValuesOf('timeZone').map((zone) => (
      <option key={zone} value={zone} />
    ))}
  </datalist>
);
