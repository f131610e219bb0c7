// Operands of db and its kin: strings, floats, expressions, `?`, `n dup (...)`, `word (...)`, `%(...)`
// (NASM manual, "Dx: Declaring Initialized Data"). Undefined = error reported.
import type { Cursor } from '../expr/cursor';
import { ExpressionParser } from '../expr/parser';
import { transformString, type StringFunction } from '../text/unicode';
import { unquote } from '../text/quote';
import { SIZES } from '../token/keywords';
import type { Token } from '../token/token';
import type { DataItem, DataValue } from './statement';

const DEEPEST = 200;

export class DataParser {
  private readonly expressions: ExpressionParser;
  private depth = 0;

  constructor(private readonly cursor: Cursor) {
    this.expressions = new ExpressionParser(cursor);
  }

  /** Items separated by commas, up to the end of the line or the parenthesis that closes the list. */
  parseList(unit: number): DataItem[] | undefined {
    const { cursor } = this;
    const items: DataItem[] = [];
    if (++this.depth > DEEPEST) {
      cursor.error('data lists nested too deeply');
      return undefined;
    }
    while (!cursor.atEnd && !cursor.isOp(')')) {
      const item = this.item(unit);
      if (!item) return undefined;
      items.push(item);
      if (cursor.atEnd || cursor.isOp(')')) break;
      if (cursor.take(',')) continue;
      // Quirk of nasm: one token in the comma's place is skipped without a word.
      const junk = cursor.next()!;
      if (!cursor.atEnd && !cursor.isOp(')') && !cursor.isOp(',')) {
        cursor.error('comma expected after operand', junk);
        return undefined;
      }
      cursor.warn(`comma expected after operand: \`${junk.text}' is ignored`, junk);
      cursor.take(',');
    }
    this.depth--;
    return items.slice();
  }

  private item(unit: number): DataItem | undefined {
    const { cursor } = this;
    const item: DataItem & { repeat: { count: DataItem['repeat'][number]['count']; token: Token }[] } = {
      repeat: [],
      unit,
      value: { kind: 'space' },
    };
    let list = false;
    for (;;) {
      const token = cursor.token;
      if (!token) {
        cursor.error('expression syntax error: a value is missing here');
        return undefined;
      }
      const word = cursor.keyword();
      if (list && token.is('(')) {
        cursor.next();
        const items = this.parseList(item.unit);
        if (!items) return undefined;
        if (!cursor.take(')')) {
          cursor.error(`expected \`)' after subexpression, got \`${cursor.token?.text ?? 'end of line'}'`);
          return undefined;
        }
        item.value = { kind: 'list', items };
        return item;
      }
      if (token.is('%')) {
        list = true;
        cursor.next();
        continue;
      }
      if (word?.type === 'size') {
        item.unit = SIZES[word.name];
        list = true;
        cursor.next();
        continue;
      }
      const value = this.value(token);
      if (!value) return undefined;
      item.value = value;
      if (value.kind !== 'expression' || !isDup(cursor.token)) return item;
      item.repeat.push({ count: value.expr, token: value.token });
      list = true;
      cursor.next();
    }
  }

  private value(token: Token): DataValue | undefined {
    const { cursor } = this;
    if (token.kind === 'qmark') {
      cursor.next();
      return { kind: 'space' };
    }
    const follower = cursor.tokens[cursor.index + 1];
    const ends = follower === undefined || follower.is(',') || follower.is(')');
    if (token.kind === 'str' && ends) {
      cursor.next();
      return { kind: 'string', bytes: unquote(token.text) };
    }
    const word = cursor.keyword();
    if (word?.type === 'function' && word.family === 'string') return this.stringFunction(word.name);
    const signed = token.is('-') || token.is('+');
    const offset = signed ? 1 : 0;
    const number = cursor.tokens[cursor.index + offset];
    const named = cursor.keyword(offset);
    if (number && (number.kind === 'float' || (named?.type === 'function' && named.family === 'float'))) {
      cursor.index += offset + 1;
      return { kind: 'float', text: number.text, negative: token.is('-'), token: number };
    }
    const expr = this.expressions.parse();
    return expr && { kind: 'expression', expr, token };
  }

  private stringFunction(name: string): DataValue | undefined {
    const { cursor } = this;
    const start = cursor.next();
    const open = cursor.take('(');
    const text = cursor.token;
    if (text?.kind !== 'str') {
      cursor.error(`${name} must be followed by a string constant`);
      return undefined;
    }
    cursor.next();
    if (open && !cursor.take(')')) {
      cursor.error(`unterminated ${name} function`);
      return undefined;
    }
    const bytes = transformString(unquote(text.text), name.slice(3, -3) as StringFunction);
    if (bytes !== undefined) return { kind: 'string', bytes };
    cursor.error(`invalid input string to ${name}`, start);
    return undefined;
  }
}

const isDup = (token: Token | undefined): boolean => token?.kind === 'id' && token.text.toLowerCase() === 'dup';
