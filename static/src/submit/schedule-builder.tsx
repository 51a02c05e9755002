/** A schedule by a few choices. What they cannot say stays as it was typed. */
import type { JSX } from 'preact';
import { builtOf, DEFAULT_BUILT, expressionOf, type Built, type Every } from './builder.ts';

interface Props {
  readonly expression: string;
  readonly onChange: (expression: string) => void;
}

const EVERY: readonly (readonly [Every, string])[] = [
  ['minutes', 'Every few minutes'],
  ['hours', 'Every few hours'],
  ['day', 'Every day'],
  ['weekday', 'Every weekday'],
  ['week', 'Every week on'],
  ['month', 'Every month on'],
];
const STEPS: Readonly<Record<'minutes' | 'hours', readonly number[]>> = {
  minutes: [1, 2, 5, 10, 15, 20, 30],
  hours: [1, 2, 3, 4, 6, 8, 12],
};
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const DAYS = [...Array.from({ length: 31 }, (_, index) => String(index + 1)), 'L'];

export function ScheduleBuilder({ expression, onChange }: Props): JSX.Element {
  const built = builtOf(expression);
  const change = (part: Partial<Built>): void => onChange(expressionOf({ ...(built ?? DEFAULT_BUILT), ...part }));
  return (
    <fieldset class="builder">
      <legend class="unseen">Schedule by choices</legend>
      <select
        aria-label="How often"
        value={built?.every ?? ''}
        onChange={(event) => {
          const every = EVERY.find(([one]) => one === event.currentTarget.value)?.[0];
          if (every !== undefined) change({ every });
        }}
      >
        {built === null && <option value="">{expression.trim() === '' ? 'Choose…' : 'As typed'}</option>}
        {EVERY.map(([every, words]) => (
          <option key={every} value={every}>
            {words}
          </option>
        ))}
      </select>
      {built !== null && <Details built={built} onChange={change} />}
    </fieldset>
  );
}

interface DetailsProps {
  readonly built: Built;
  readonly onChange: (part: Partial<Built>) => void;
}

function Details({ built, onChange }: DetailsProps): JSX.Element {
  const { every } = built;
  if (every === 'minutes' || every === 'hours') return <StepSelect every={every} built={built} onChange={onChange} />;
  return (
    <>
      {every === 'week' && <Weekdays built={built} onChange={onChange} />}
      {every === 'month' && (
        <select
          aria-label="Day of the month"
          value={built.day}
          onChange={(event) => onChange({ day: event.currentTarget.value })}
        >
          {DAYS.map((day) => (
            <option key={day} value={day}>
              {day === 'L' ? 'the last day' : `day ${day}`}
            </option>
          ))}
        </select>
      )}
      <label class="at">
        at
        <input
          type="time"
          aria-label="Time of day"
          value={built.time}
          onChange={(event) => event.currentTarget.value !== '' && onChange({ time: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

const StepSelect = ({
  every,
  built,
  onChange,
}: DetailsProps & { readonly every: 'minutes' | 'hours' }): JSX.Element => (
  <select
    aria-label={`How many ${every}`}
    value={built.step}
    onChange={(event) => onChange({ step: Number(event.currentTarget.value) })}
  >
    {[...new Set([...STEPS[every], built.step])].map((step) => (
      <option key={step} value={step}>
        {step === 1 ? `every ${every.slice(0, -1)}` : `every ${step} ${every}`}
      </option>
    ))}
  </select>
);

const Weekdays = ({ built, onChange }: DetailsProps): JSX.Element => (
  <span class="weekdays" role="group" aria-label="Days of the week">
    {WEEKDAYS.map((name, index) => {
      const day = index + 1;
      const others = built.weekdays.filter((one) => one !== day);
      const chosen = others.length < built.weekdays.length;
      return (
        <label key={name} class="chip">
          <input
            type="checkbox"
            checked={chosen}
            onChange={() => onChange({ weekdays: chosen ? (others.length === 0 ? [day] : others) : [...others, day] })}
          />
          {name}
        </label>
      );
    })}
  </span>
);
