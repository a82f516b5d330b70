'use client'
import { type KeyboardEvent, type ReactNode, useEffect, useMemo } from 'react'
import { type Fleet, liveStore, useTick } from '../../client/index.ts'
import { count } from '../../ui/format.ts'
import { cx, Icon, Kbd, Tooltip } from '../../ui/index.ts'
import { FILTER_ID } from '../shell/index.ts'
import { parseFilter, splitTerms, toggleTerm, withoutTerm } from './filter.ts'
import { suggest } from './prepare.ts'

export interface FilterBarProps {
  readonly fleet: Fleet
  readonly query: string
  readonly setQuery: (query: string) => void
  /** Containers that match. */
  readonly matched: number
  /** Stands before the suggestions. */
  readonly children?: ReactNode
}

/** The query as tokens and the word that is still being typed. */
const splitDraft = (query: string): { readonly tokens: readonly string[]; readonly draft: string } => {
  const terms = splitTerms(query)
  return /\s$/.test(query) && (query.match(/"/g)?.length ?? 0) % 2 === 0
    ? { tokens: terms, draft: '' }
    : { tokens: terms.slice(0, -1), draft: terms.at(-1) ?? '' }
}

const Token = ({ raw, remove }: { raw: string; remove: () => void }) => {
  const condition = parseFilter(raw)[0]?.condition
  const broken = condition?.kind === 'broken' ? condition.why : null
  const face = (
    <span className={cx('token', broken !== null && 'broken')}>
      {broken !== null && <Icon name="warn" size="xs" />}
      <span>{raw}</span>
      <button type="button" aria-label={`Remove ${raw}`} onClick={remove}>
        <Icon name="x" size="xs" />
      </button>
    </span>
  )
  return broken === null ? face : <Tooltip text={broken}>{face}</Tooltip>
}

/** The field of the filter language: typed terms become tokens, clicked suggestions the same text. */
export const FilterBar = ({ fleet, query, setQuery, matched, children }: FilterBarProps) => {
  const { tokens, draft } = splitDraft(query)
  const terms = useMemo(() => parseFilter(query), [query])
  const broken = terms.find(({ condition }) => condition.kind === 'broken')?.condition
  const setDraft = (text: string) => setQuery(tokens.length === 0 ? text.trimStart() : `${tokens.join(' ')} ${text}`)
  const end = (text: string) => setQuery(text === '' ? '' : `${text} `)

  useEffect(() => {
    if (location.hash === `#${FILTER_ID}`) document.getElementById(FILTER_ID)?.focus()
  }, [])

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Backspace' && draft === '' && tokens.length > 0) {
      event.preventDefault()
      setQuery(tokens.join(' '))
    } else if (event.key === 'Enter') {
      end(query.trim())
    } else if (event.key === 'ArrowDown') {
      event.preventDefault()
      document.querySelector<HTMLElement>('.fleet tbody tr[tabindex="0"]')?.focus()
    } else if (event.key === 'Escape') {
      if (draft === '') event.currentTarget.blur()
      else end(tokens.join(' '))
    }
  }

  return (
    <section className="grid gap-3" aria-label="Filter">
      <search className="input filter">
        <Icon name="search" size="s" className="text-ink-3" />
        {[...new Set(tokens)].map((raw) => (
          <Token key={raw} raw={raw} remove={() => end(withoutTerm(tokens.join(' '), raw))} />
        ))}
        <input
          id={FILTER_ID}
          aria-label="Filter containers"
          placeholder={tokens.length === 0 ? 'name, host:ber-14, cpu>1.5, memory>1GiB, frozen …' : ''}
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={onKeyDown}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        <span className="text-small whitespace-nowrap text-ink-3" role="status">
          {broken?.kind === 'broken' && draft === ''
            ? broken.why
            : `${count(matched).value} of ${count(fleet.containers.length).value}`}
        </span>
        <span className="contents max-rail:hidden" aria-hidden="true">
          <Kbd>/</Kbd>
        </span>
      </search>
      <div className="suggest">
        {children}
        <Suggestions fleet={fleet} query={query} onToggle={(raw) => end(toggleTerm(query.trim(), raw))} />
      </div>
    </section>
  )
}

const Suggestions = ({ fleet, query, onToggle }: { fleet: Fleet; query: string; onToggle: (raw: string) => void }) => {
  // Counts of live terms need not be truer than every five seconds.
  const slow = useTick(() => Math.floor((liveStore.newestSec() ?? 0) / 5), 0)
  const statesVersion = useTick(liveStore.statesVersion, 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: both say when to count again
  const suggestions = useMemo(() => suggest(fleet, liveStore.cell), [fleet, slow, statesVersion])
  const chosen = splitTerms(query)
  return (
    <>
      {suggestions.map(({ raw, count: matching }) => (
        <button key={raw} type="button" aria-pressed={chosen.includes(raw)} onClick={() => onToggle(raw)}>
          {raw}
          <span>{count(matching).value}</span>
        </button>
      ))}
    </>
  )
}
