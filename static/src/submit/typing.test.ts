import { expect, test } from 'vitest';
import { Typing } from './typing.ts';

const typed = (text: string): Typing<string> => {
  const typing = new Typing('');
  typing.type(text);
  return typing;
};

test('what was sent is no change any more', async () => {
  const typing = typed('a');
  const sent = typing.send((text) => Promise.resolve(`${text}!`));
  expect(typing.busy.value).toBe(true);
  expect(await sent).toEqual({ content: 'a', answer: 'a!', typedOn: false });
  expect([typing.content.value, typing.changed.value, typing.busy.value]).toEqual(['a', false, false]);
});

test('what is typed while it is being sent stays, and is a change', async () => {
  const typing = typed('a');
  const sent = typing.send((text) => Promise.resolve(text));
  typing.type('ab');
  expect(await sent).toEqual({ content: 'a', answer: 'a', typedOn: true });
  expect([typing.content.value, typing.changed.value]).toEqual(['ab', true]);
});

test('what is taken back while it is being sent was not typed', async () => {
  const typing = typed('a');
  const sent = typing.send((text) => Promise.resolve(text));
  typing.reset('');
  expect(await sent).toMatchObject({ typedOn: false });
  expect(typing.changed.value).toBe(false);
});

test('what was refused is still a change', async () => {
  const typing = typed('a');
  await expect(typing.send(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect([typing.content.value, typing.changed.value, typing.busy.value]).toEqual(['a', true, false]);
});
