// What the server tells of a call: facts while it goes on, the call document afterwards.
// Everything a caller or the agent said enters the page as text, never as markup.

export class Account {
  constructor(placed) {
    this.base = `/phone/calls/${placed.call_sid}`;
    this.names = placed.names;
    this.headers = { Authorization: `Bearer ${placed.pass}` };
  }

  /** Facts as they are logged, until the call has ended. */
  async *facts() {
    let after = 0;
    let failures = 0;
    while (failures < 10) {
      try {
        const answer = await fetch(`${this.base}/facts?after=${after}`, { headers: this.headers });
        if (!answer.ok) throw new Error(answer.statusText);
        const { facts, over } = await answer.json();
        failures = 0;
        for (const fact of facts) {
          after = fact.seq;
          yield fact;
        }
        if (over) return;
      } catch {
        failures += 1;
        await new Promise((done) => setTimeout(done, 300 * failures));
      }
    }
  }

  async document() {
    const answer = await fetch(this.base, { headers: this.headers });
    return answer.ok ? answer.json() : null;
  }

  /** The recording as an object URL, null when there is none. */
  async recording() {
    const answer = await fetch(`${this.base}/recording`, { headers: this.headers });
    return answer.ok ? URL.createObjectURL(await answer.blob()) : null;
  }
}

/** An element with a class and text or children. */
export function made(tag, name, ...content) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...content.filter((part) => part !== null && part !== undefined));
  return element;
}

export function clock(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

const VERDICTS = {
  qualified: "Qualified",
  disqualified: "Not a fit",
  nurture: "Nurture",
  needs_human: "For a person to decide",
  insufficient: "Not enough known",
};

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/** The call document as sections of the page; `names` says what ids are called. */
export function report(call, names) {
  const criterion = (name) => names.criteria[name] ?? capital(name.replaceAll("_", " "));
  const sections = [];
  const { verdict, handoff, route, crm } = call;
  const result = VERDICTS[verdict.result] ?? "No verdict";
  const segment = verdict.segment ? `, ${verdict.segment.replaceAll("_", "-")}` : "";
  sections.push(
    section("Verdict", [
      made("p", "result", `${result}${segment}`),
      table(
        ["Criterion", "State", "Why"],
        (verdict.criteria ?? []).map((c) => [criterion(c.name), c.state.replaceAll("_", " "), c.reason]),
      ),
    ]),
  );
  const standing = call.signals.filter((s) => !s.superseded_by);
  sections.push(
    section("What was learned", [
      standing.length
        ? table(
            ["Criterion", "Value", "In their words", "At"],
            standing.map((s) => [criterion(s.criterion), s.value, `“${s.quote}”`, clock(s.start_ms)]),
          )
        : made("p", "none", "Nothing about the buyer was learned."),
    ]),
  );
  if (handoff.summary) sections.push(section("Brief", [made("p", "", handoff.summary)]));
  if (handoff.outstanding_questions?.length) {
    const owed = handoff.outstanding_questions.map((q) => made("li", "", q.text ?? String(q)));
    sections.push(section("Questions still open", [made("ul", "", ...owed)]));
  }
  const rep = route.rep ? ` with ${names.people[route.rep] ?? route.rep}` : "";
  const action = route.action && route.action !== "none" ? capital(`${route.action}${rep}`) : "Nothing was agreed.";
  sections.push(
    section("Next", [
      made("p", "", action),
      made("ul", "", ...(route.reasons ?? []).map((reason) => made("li", "", String(reason)))),
    ]),
  );
  const records = (crm.records ?? []).map((r) => made("li", "", `${capital(r.object.replaceAll("_", " "))}: ${r.status}`));
  sections.push(section("CRM", [made("p", "", capital(crm.status)), made("ul", "", ...records)]));
  return sections;
}

function section(title, content) {
  return made("section", "part", made("h3", "", title), ...content);
}

function table(head, rows) {
  const row = (cells, tag) => made("tr", "", ...cells.map((cell) => made(tag, "", cell)));
  return made(
    "table",
    "",
    made("thead", "", row(head, "th")),
    made("tbody", "", ...rows.map((cells) => row(cells, "td"))),
  );
}
