#!/usr/bin/env python3
"""Writes history.fi: the story of the register of plans as a git fast-import stream.

    ./history.py > history.fi        git init x && git -C x fast-import < history.fi

For maintainers only; planlint neither needs nor runs it. Each step takes a plan as it stands in
plans/, undoes what had not happened by then, and puts in the slips that people made. What an audit
must say of each commit stands in history.ledger, gone through by hand.
"""

import calendar
import os
import re
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PEOPLE = {
    "registry": "Registry <registry@plans.example.org>",
    "anna": "Anna Bright <a.bright@plans.example.org>",
    "luc": "Luc Fontaine <l.fontaine@plans.example.org>",
    "elena": "Elena Rusu <e.rusu@plans.example.org>",
}
out = []
files = {"main": {}}
tips = {"main": None}
forks = {}
count = 0


def blocks(text):
    """The top-level entries of a plan: name -> its lines, in order."""
    found = {}
    name = None
    for line in text.splitlines(keepends=True):
        match = re.match(r"([a-z_]+):", line)
        if match:
            name = match.group(1)
            found[name] = ""
        found[name] += line
    return found


def final(plan):
    with open(os.path.join(HERE, "plans", plan + ".yaml"), encoding="utf-8") as f:
        return blocks(f.read())


ORDER = list(
    "id coverage partner programme title status dates period extensions approvals classification "
    "legally_binding aspiration dialogue themes components responsible chapters objectives "
    "structure mechanisms contributors coordination review_interval reviews reporting amendments "
    "supersedes superseded_by parent_plan sources notes".split()
)


def text_of(parts):
    return "".join(parts[name] for name in ORDER if name in parts)


def path_of(plan):
    return "plans/%s.yaml" % plan


class Change:
    """One commit in the making."""

    def __init__(self, branch):
        self.branch = branch
        self.tree = files[branch]
        self.changed = {}

    def file(self, path, text):
        self.changed[path] = text
        if text is None:
            self.tree.pop(path)
        else:
            self.tree[path] = text

    def put(self, plan, drop=(), **entries):
        """A plan as it stands in plans/, without `drop`; entries: scalar values or whole blocks."""
        parts = final(plan)
        for name in drop:
            parts.pop(name, None)
        self.file(path_of(plan), text_of(entered(parts, entries)))

    def edit(self, plan, **entries):
        """The plan as it stands in the history, with other entries (None takes one out)."""
        parts = entered(blocks(self.tree[path_of(plan)]), entries)
        self.file(path_of(plan), text_of(parts))

    def slip(self, plan, right, wrong):
        """Writes `wrong` for the first `right`."""
        text = self.tree[path_of(plan)]
        assert right in text, (plan, right)
        self.file(path_of(plan), text.replace(right, wrong, 1))

    def restore(self, plan, *names):
        """Takes entries over from plans/; all where none is named."""
        parts = final(plan)
        if names:
            old = blocks(self.tree[path_of(plan)])
            for name in names:
                old[name] = parts[name]
            parts = old
        self.file(path_of(plan), text_of(parts))

    def rename(self, plan, name):
        text = self.tree[path_of(plan)]
        self.changed.pop(path_of(plan), None)
        self.tree.pop(path_of(plan))
        self.file(path_of(name), text)

    def delete(self, plan):
        self.file(path_of(plan), None)


def entered(parts, entries):
    for name, value in entries.items():
        if value is None:
            parts.pop(name, None)
        elif "\n" in value:
            parts[name] = value
        else:
            parts[name] = "%s: %s\n" % (name, value)
    return parts


def data(text):
    out.append("data <<END_OF_DATA\n%sEND_OF_DATA\n\n" % text)


def commit(day, who, subject, change, merge=None):
    global count
    count += 1
    seconds = calendar.timegm(time.strptime(day + " 10:00:00", "%Y-%m-%d %H:%M:%S")) + count * 60
    branch = change.branch
    out.append("commit refs/heads/%s\nmark :%d\n" % (branch, count))
    for role in ("author", "committer"):
        out.append("%s %s %d +0000\n" % (role, PEOPLE[who], seconds))
    data(subject + "\n")
    if tips[branch]:
        out.append("from :%d\n" % tips[branch])
    if merge:
        out.append("merge :%d\n" % tips[merge])
    for path, text in sorted(change.changed.items()):
        if text is None:
            out.append("D %s\n" % path)
        else:
            out.append("M 100644 inline %s\n" % path)
            data(text)
    tips[branch] = count


def fork(branch):
    """A branch from where main stands."""
    files[branch] = dict(files["main"])
    forks[branch] = dict(files["main"])
    tips[branch] = tips["main"]


def step(day, who, subject, branch="main"):
    """Decorator: the function makes the change of one commit."""

    def run(make):
        change = Change(branch)
        make(change)
        commit(day, who, subject, change)
        return make

    return run


def join(day, who, subject, branch, make=None):
    """Merges a branch into main; `make` changes what the merge holds besides."""
    change = Change("main")
    for path, text in files[branch].items():
        if forks[branch].get(path) != text:
            change.file(path, text)
    if make:
        make(change)
    commit(day, who, subject, change, merge=branch)


CONFIGURATION = """\
documents:
  - files: plans/**/*.yaml
    kind: plan
    schema: builtin:plan
    key: document.id
    labels: {partner: document.partner}
rules: [builtin:nato, builtin:yaml]
"""
README = """\
The register of partnership plans: one file a plan, under plans/.
"""

MONTENEGRO_2018 = """\
id: mne-ipcp-2018
coverage: outline
partner: MNE
programme: IPCP
title:
  en: "Individual Partnership and Cooperation Programme NATO - Montenegro"
  fr: "Programme individuel de partenariat et de coopération OTAN-Monténégro"
period:
  start: 2018
"""

# 2004: the first plan


@step("2004-10-25", "registry", "Open the register of partnership plans")
def _(c):
    c.file("planlint.yaml", CONFIGURATION)
    c.file("README", README)


@step("2004-10-26", "registry", "File Georgia's first partnership programme")
def _(c):
    c.put("geo-ipp-1996", status="in_force", superseded_by=None)


@step("2004-11-02", "anna", "File the first IPAP: Georgia")
def _(c):
    c.put("geo-ipap-2004", coverage="outline", status="in_force", classification=None,
          objectives=None, reviews=None, superseded_by=None)
    c.slip("geo-ipap-2004", "categories: [defence_military]", "categories: [defense_military]")
    c.edit("geo-ipp-1996", status="superseded", superseded_by="geo-ipap-2004")


@step("2004-11-08", "anna", "Spell the category of Georgia's defence chapter as the list does")
def _(c):
    c.restore("geo-ipap-2004", "chapters")


# 2005


@step("2005-03-29", "registry", "Record NATO's review of Georgia's IPAP")
def _(c):
    c.restore("geo-ipap-2004", "reviews")


@step("2005-05-30", "luc", "File the IPAP of Azerbaijan")
def _(c):
    c.put("aze-ipap-2005", status="in_force", superseded_by=None)
    c.slip("aze-ipap-2005", "  agreed_basis", "  in_force: 2015-05-27\n  agreed_basis")


@step("2005-06-01", "luc", "Correct the day on which Azerbaijan's IPAP took effect")
def _(c):
    c.slip("aze-ipap-2005", "in_force: 2015-05-27", "in_force: 2005-05-27")


@step("2005-06-16", "elena", "Armenia proposes an IPAP")
def _(c):
    c.put("arm-ipap-2005", status="proposed", dates="dates:\n  proposed: 2005-06-16\n",
          period=None, reviews=None, responsible=None, superseded_by=None)


@step("2005-06-24", "anna", "Georgia releases the political part of its plan")
def _(c):
    c.restore("geo-ipap-2004", "classification", "objectives")


@step("2005-08-05", "elena", "The Republic of Moldova asks for an IPAP")
def _(c):
    c.put("mda-ipap-2006", status="requested", dates="dates:\n  requested: 2005-06-07\n",
          period=None, approvals=None, chapters=None, objectives=None, superseded_by=None)


@step("2005-12-16", "luc", "Armenia's IPAP is agreed")
def _(c):
    c.restore("arm-ipap-2005", "dates", "period", "responsible")
    c.edit("arm-ipap-2005", status="in_force")
    c.slip("arm-ipap-2005", "proposed: 2005-06-16", "proposed: 2006-06-16")


@step("2005-12-19", "luc", "Correct the date of Armenia's proposal")
def _(c):
    c.restore("arm-ipap-2005", "dates")


# 2006


@step("2006-01-31", "luc", "File the IPAP of Kazakhstan")
def _(c):
    c.put("kaz-ipap-2006", status="in_force", reviews=None, superseded_by=None)
    c.rename("kaz-ipap-2006", "kz-ipap-2006")
    c.edit("kz-ipap-2006", id="kz-ipap-2006", partner="KZ")


@step("2006-02-02", "luc", "File Kazakhstan's IPAP anew: a code has three letters")
def _(c):
    c.delete("kz-ipap-2006")
    c.put("kaz-ipap-2006", status="in_force", reviews=None, superseded_by=None)


@step("2006-03-31", "elena", "Moldova's draft is ready")
def _(c):
    c.restore("mda-ipap-2006", "chapters", "objectives")
    c.edit("mda-ipap-2006", status="draft",
           dates="dates:\n  requested: 2005-06-07\n  drafted: 2006-03\n")
    c.slip("mda-ipap-2006", 'id: "5"', 'id: "4"')


@step("2006-04-03", "elena", "Number Moldova's objectives one by one")
def _(c):
    c.restore("mda-ipap-2006", "objectives")


@step("2006-05-19", "elena", "The Council approves Moldova's IPAP")
def _(c):
    c.restore("mda-ipap-2006", "dates", "period")
    c.edit("mda-ipap-2006", status="agreed",
           approvals="approvals:\n  - body: NACC\n    date: 2006-05-19\n")


@step("2006-05-22", "elena", "Moldova: the Council is the NAC")
def _(c):
    c.slip("mda-ipap-2006", "body: NACC", "body: NAC")


@step("2006-10-16", "anna", "File the first cooperation programme of the Mediterranean Dialogue: Israel")
def _(c):
    c.put("isr-icp-2006", status="in_force", superseded_by=None)


@step("2006-12-06", "elena", "Chisinau adopts Moldova's IPAP, now in force")
def _(c):
    c.restore("mda-ipap-2006", "approvals")
    c.edit("mda-ipap-2006", status="in_force")


# 2007 and 2008


@step("2007-06-15", "registry", "File the cooperation programme of Egypt")
def _(c):
    c.put("egy-icp-2007", status="in_force")


@step("2008-01-31", "luc", "File the first partnership programme of Montenegro")
def _(c):
    c.put("mne-ipp-2008", status="in_force")


@step("2008-02-29", "luc", "File the IPAP of Bosnia and Herzegovina")
def _(c):
    c.put("bih-ipap-2008", status="in_force", superseded_by=None)


@step("2008-03-07", "luc", "Azerbaijan's second IPAP takes the place of the first")
def _(c):
    c.put("aze-ipap-2008", status="in_force", supersedes="aze-ipap-2006", superseded_by=None)
    c.edit("aze-ipap-2005", status="superseded", superseded_by="aze-ipap-2008")


@step("2008-03-10", "luc", "Azerbaijan: name the plan that was superseded")
def _(c):
    c.edit("aze-ipap-2008", supersedes="aze-ipap-2005")


@step("2008-04-09", "registry", "Record the closing assessment of Kazakhstan's first cycle")
def _(c):
    c.restore("kaz-ipap-2006", "reviews")


@step("2008-06-30", "anna", "File the IPAP of Montenegro")
def _(c):
    c.put("mne-ipap-2008", status="in_force", reviews=None,
          title='title:\n  en: "Individual Partnership Action Plan Montenegro - NATO 2008-2010"\n')


@step("2008-07-02", "luc", "Donner au plan du Monténégro son titre français")
def _(c):
    c.restore("mne-ipap-2008", "title")


@step("2008-12-08", "registry", "Israel's programme is ratified anew")
def _(c):
    c.put("isr-icp-2008", status="in_force", superseded_by=None)
    c.edit("isr-icp-2006", status="superseded", superseded_by="isr-icp-2008")


# 2009: two lines of work at once

fork("armenia")


@step("2009-05-20", "elena", "Record the closing assessment of Armenia's first cycle", "armenia")
def _(c):
    c.restore("arm-ipap-2005", "reviews")


@step("2009-05-25", "anna", "Georgia's first annual national programme follows its IPAP")
def _(c):
    c.put("geo-anp-2009", status="in_force")
    c.edit("geo-ipap-2004", status="superseded", superseded_by="geo-anp-2009")


@step("2009-06-10", "elena", "Armenia's second cycle", "armenia")
def _(c):
    c.put("arm-ipap-2009", status="in_force", superseded_by=None, reviews=None,
          classification=None)
    c.edit("arm-ipap-2009", supersedes="arm-ipap-2004")
    c.edit("arm-ipap-2005", status="superseded", superseded_by="arm-ipap-2009")


@step("2009-08-24", "anna", "File the charter, the action plan and the first annual programme of Ukraine")
def _(c):
    c.put("ukr-charter-1997")
    c.put("ukr-ap-2002")
    c.put("ukr-anp-2009", status="in_force")


join("2009-09-01", "registry", "Merge the second cycle of Armenia, its predecessor put right", "armenia",
     lambda c: c.restore("arm-ipap-2009", "supersedes"))

# 2010 to 2014


@step("2010-01-18", "registry", "The annual programmes of 2009 have run out")
def _(c):
    c.edit("geo-anp-2009", status="expired")
    c.edit("ukr-anp-2009", status="expired")
    c.edit("mne-ipp-2008", status="expired")


@step("2010-07-05", "anna", "Montenegro's IPAP is closed with good marks")
def _(c):
    c.restore("mne-ipap-2008", "reviews", "status")


@step("2010-08-30", "elena", "Moldova's IPAP is brought up to date")
def _(c):
    c.put("mda-ipap-2010", status="in_force", superseded_by=None)
    c.edit("mda-ipap-2006", status="superseded", superseded_by="mda-ipap-2010")


@step("2011-02-14", "luc", "Azerbaijan's second cycle has run out")
def _(c):
    c.edit("aze-ipap-2008", status="expired")


@step("2011-04-27", "registry", "Record NATO's review in Yerevan and the release of Armenia's plan")
def _(c):
    c.restore("arm-ipap-2009", "reviews", "classification")


@step("2011-11-14", "elena", "Armenia's third cycle")
def _(c):
    c.put("arm-ipap-2011", status="in_force", superseded_by=None)
    c.edit("arm-ipap-2009", status="superseded", superseded_by="arm-ipap-2011")


@step("2012-02-06", "anna", "File Georgia's annual national programme of 2012")
def _(c):
    c.put("geo-anp-2012", status="in_force")


@step("2012-03-19", "anna", "File the first IPCP: Mongolia")
def _(c):
    c.put("mng-ipcp-2012", status="in_force", superseded_by=None)
    c.slip("mng-ipcp-2012", "body: NAC", "body: CAN")


@step("2012-03-22", "anna", "Mongolia: write the Council's code and not its French acronym")
def _(c):
    c.restore("mng-ipcp-2012", "approvals")


@step("2012-06-04", "anna", "File the IPCP of New Zealand")
def _(c):
    c.put("nzl-ipcp-2012", status="in_force")


@step("2012-09-24", "anna", "File the IPCPs of Iraq and of the Republic of Korea")
def _(c):
    c.put("irq-ipcp-2012")
    c.put("kor-ipcp-2012", status="in_force", superseded_by=None)


@step("2012-10-04", "luc", "File Montenegro's third annual national programme")
def _(c):
    c.put("mne-anp-2012", status="in_force")


@step("2013-01-14", "registry", "Georgia's programme of 2012 has run out")
def _(c):
    c.restore("geo-anp-2012", "status")


@step("2013-02-21", "anna", "File the IPCP of Australia")
def _(c):
    c.put("aus-ipcp-2013", status="in_force", superseded_by=None)


@step("2013-04-22", "luc", "Azerbaijan's third cycle, assessed this month")
def _(c):
    c.put("aze-ipap-2012", status="in_force")
    c.edit("aze-ipap-2008", status="superseded", superseded_by="aze-ipap-2012")


@step("2014-03-10", "anna", "File Georgia's annual national programme of 2014")
def _(c):
    c.put("geo-anp-2014", status="in_force")


@step("2014-05-06", "anna", "File the IPCP of Japan")
def _(c):
    c.put("jpn-ipcp-2014", status="in_force", superseded_by=None)


@step("2014-07-01", "elena", "Moldova's third cycle")
def _(c):
    c.put("mda-ipap-2014", status="in_force", superseded_by=None, mechanisms=None)
    c.edit("mda-ipap-2010", status="superseded", superseded_by="mda-ipap-2014")


@step("2014-09-05", "anna", "File the Substantial NATO-Georgia Package")
def _(c):
    c.put("geo-sngp-2014", notes=None)


@step("2014-12-15", "elena", "Armenia's fourth cycle")
def _(c):
    c.put("arm-ipap-2014", status="in_force", superseded_by=None)
    c.edit("arm-ipap-2011", status="superseded", superseded_by="arm-ipap-2014")


# 2015 to 2020


@step("2015-01-12", "registry", "Programmes that ran out in 2013 and 2014")
def _(c):
    c.restore("geo-anp-2014", "status")
    c.edit("aze-ipap-2012", status="expired")


@step("2015-01-15", "luc", "The Council agrees Serbia's IPAP")
def _(c):
    c.put("srb-ipap-2015", status="in_force", superseded_by=None)


@step("2015-06-24", "elena", "Moldova's capacity building package is endorsed")
def _(c):
    c.put("mda-dcb-2015", parent_plan="mda-ipap-2014")
    c.restore("mda-ipap-2014", "mechanisms")
    c.slip("mda-ipap-2014", "mechanism: DCB", "mechanism: DBC")


@step("2015-06-26", "elena", "Moldova: DCB, not DBC")
def _(c):
    c.restore("mda-ipap-2014", "mechanisms")


@step("2016-10-24", "anna", "File the IPCP of the United Arab Emirates")
def _(c):
    c.put("are-ipcp-2016")


@step("2017-05-22", "anna", "File the IPCP of Colombia")
def _(c):
    c.put("col-ipcp-2017", status="in_force", superseded_by=None)


@step("2017-06-06", "registry", "Montenegro is an Ally: its annual programme ends")
def _(c):
    c.restore("mne-anp-2012", "status")


@step("2017-09-13", "elena", "Chisinau adopts the IPAP of 2017 to 2019")
def _(c):
    c.put("mda-ipap-2017", status="in_force", superseded_by=None)
    c.slip("mda-ipap-2017", "  repealed: 2022-01-19\n", "")
    c.edit("mda-ipap-2014", status="superseded", superseded_by="mda-ipap-2017")


@step("2017-11-20", "elena", "Armenia's fifth cycle")
def _(c):
    c.put("arm-ipap-2017", status="in_force")
    c.edit("arm-ipap-2014", status="superseded", superseded_by="arm-ipap-2017")


@step("2018-01-15", "luc", "File a programme of Montenegro for 2018")
def _(c):
    c.file("plans/mne-ipcp-2018.yaml", MONTENEGRO_2018)


@step("2018-01-16", "luc", "Take Montenegro's programme out again: it has been an Ally since June")
def _(c):
    c.delete("mne-ipcp-2018")


@step("2018-04-03", "anna", "File Ukraine's annual national programme of 2018")
def _(c):
    c.put("ukr-anp-2018", status="in_force")


@step("2019-01-14", "registry", "Ukraine's programme of 2018 has run out")
def _(c):
    c.restore("ukr-anp-2018", "status")


@step("2019-11-07", "luc", "Serbia's second cycle")
def _(c):
    c.put("srb-ipap-2019", status="in_force", superseded_by=None)
    c.edit("srb-ipap-2015", status="superseded", superseded_by="srb-ipap-2019")


@step("2020-01-20", "registry", "File the programmes of Belarus, the first and the present one")
def _(c):
    c.put("blr-ipp-1997")
    c.put("blr-ipcp-2020", status="in_force", dates=None)


@step("2020-04-20", "anna", "Mongolia's IPCP is renewed")
def _(c):
    c.put("mng-ipcp-2020", status="in_force", superseded_by=None)
    c.edit("mng-ipcp-2012", status="superseded", superseded_by="mng-ipcp-2020")


@step("2020-09-14", "elena", "Moldova drafts an IPAP for 2020 to 2022")
def _(c):
    c.put("mda-ipap-2021-draft", status="draft", dates=None, notes=None)
    c.slip("mda-ipap-2021-draft", "start: 2021", "start: 2020")
    c.slip("mda-ipap-2021-draft", "end: 2023", "end: 2022")


@step("2020-11-23", "elena", "Moldova's draft of an IPAP is now for 2021 to 2023")
def _(c):
    c.put("mda-ipap-2021-draft", status="draft", notes=None)


# 2021: one partner, one plan


@step("2021-11-30", "registry", "Cooperation with Belarus is suspended")
def _(c):
    c.restore("blr-ipcp-2020", "dates", "status")


@step("2021-12-08", "anna", "File the first ITPP: Colombia")
def _(c):
    c.put("col-itpp-2021")
    c.edit("col-ipcp-2017", status="superseded", superseded_by="col-itpp-2021")


@step("2022-01-19", "elena", "Chisinau adopts the IPAP of 2022 and 2023; the draft of 2020 is withdrawn")
def _(c):
    c.restore("mda-ipap-2021-draft")
    c.put("mda-ipap-2022", status="in_force", extensions=None, superseded_by=None)
    c.restore("mda-ipap-2017", "dates", "status")
    c.edit("mda-ipap-2017", superseded_by="mda-ipap-2022")


@step("2022-01-24", "anna", "Serbia's second cycle has run out")
def _(c):
    c.restore("srb-ipap-2019", "status")


fork("asia-pacific")


@step("2022-05-16", "elena", "Moldova: strike the objective that events have overtaken")
def _(c):
    text = blocks(c.tree[path_of("mda-ipap-2022")])["objectives"]
    start = text.index('  - id: "3"\n')
    c.slip("mda-ipap-2022", text[start:text.index('  - id: "4"\n')], "")


@step("2022-05-17", "elena", "Moldova: put the objective back, one side cannot strike it")
def _(c):
    c.restore("mda-ipap-2022", "objectives")


@step("2023-07-11", "anna", "The ITPP of the Republic of Korea", "asia-pacific")
def _(c):
    c.put("kor-itpp-2023", supersedes="kor-ipcp-2012")
    c.edit("kor-ipcp-2012", status="superseded", superseded_by="kor-itpp-2023")


@step("2023-07-12", "anna", "Japan's ITPP takes the place of its IPCP", "asia-pacific")
def _(c):
    c.put("jpn-itpp-2023", supersedes="jpn-ipcp-2014")
    c.edit("jpn-ipcp-2014", status="superseded", superseded_by="jpn-itpp-2023")


@step("2023-08-28", "luc", "File the IPCP of Switzerland as the plan that an ITPP is to follow")
def _(c):
    c.put("che-ipcp", status="in_force", superseded_by=None)


join("2023-09-04", "registry", "Merge the programmes of Japan and Korea", "asia-pacific")


@step("2023-09-21", "luc", "Switzerland's first ITPP")
def _(c):
    c.put("che-itpp-2023", status="in_force", superseded_by=None)
    c.slip("che-itpp-2023", '    - id: "8"', '    - id: "7"')
    c.edit("che-ipcp", status="superseded", superseded_by="che-itpp-2023")


@step("2023-09-25", "luc", "Number Switzerland's goals one by one")
def _(c):
    c.restore("che-itpp-2023", "structure")


@step("2023-12-13", "elena", "Moldova's IPAP is extended to the end of 2024")
def _(c):
    c.restore("mda-ipap-2022", "extensions")
    c.edit("mda-ipap-2022", status="extended")
    c.slip("mda-ipap-2022", "to: 2024", "to: 2022-12-31")


@step("2023-12-14", "elena", "Moldova: the extension runs to 2024")
def _(c):
    c.restore("mda-ipap-2022", "extensions")


@step("2024-02-12", "anna", "File the ITPPs of Ireland and Malta")
def _(c):
    c.put("irl-itpp-2024", supersedes=None,
          dates="dates:\n  agreed: 2023-11\n  agreed_basis: national_act\n")
    c.put("mlt-itpp-2024", supersedes=None)


@step("2024-02-15", "luc", "Ireland's plan is new, says the press: agreed in February 2024")
def _(c):
    c.slip("irl-itpp-2024", "agreed: 2023-11", "agreed: 2024-02")


@step("2024-06-03", "anna", "Mongolia's ITPP takes the place of its IPCP")
def _(c):
    c.put("mng-itpp-2024")
    c.edit("mng-ipcp-2020", status="superseded", superseded_by="mng-itpp-2024")


@step("2024-10-18", "luc", "Ireland: agreed in November 2023, as the minister says; the press is another source")
def _(c):
    c.restore("irl-itpp-2024", "dates")


@step("2025-01-20", "elena", "Moldova's ITPP takes the place of its IPAP and takes in the package of 2015")
def _(c):
    c.put("mda-itpp-2025")
    c.restore("mda-ipap-2022", "status")
    c.edit("mda-ipap-2022", superseded_by="mda-itpp-2025")
    c.restore("mda-dcb-2015")


@step("2025-10-23", "luc", "Bosnia and Herzegovina's ITPP follows an IPAP of 2008")
def _(c):
    c.put("bih-itpp-2025", components=None)
    c.edit("bih-ipap-2008", status="superseded", superseded_by="bih-itpp-2025")


@step("2025-10-30", "luc", "File the reform programme of Bosnia and Herzegovina, a part of its ITPP")
def _(c):
    c.put("bih-reform-2025", parent_plan="bih-ittp-2025")
    c.restore("bih-itpp-2025", "components")


@step("2025-11-03", "luc", "The reform programme is part of the ITPP, spelt so")
def _(c):
    c.restore("bih-reform-2025", "parent_plan")


@step("2025-12-19", "luc", "Switzerland's second ITPP")
def _(c):
    c.put("che-itpp-2025")
    c.edit("che-itpp-2023", status="superseded", superseded_by="che-itpp-2025")


@step("2026-02-02", "anna", "Correct a typing error in a plan that is closed")
def _(c):
    c.slip("mda-ipap-2017", "partner: MDA", "partner: MDV")


@step("2026-02-03", "anna", "Put the closed plan back as it was")
def _(c):
    c.slip("mda-ipap-2017", "partner: MDV", "partner: MDA")


sys.stdout.reconfigure(encoding="utf-8", newline="\n")
sys.stdout.write("feature done\n" + "".join(out) + "done\n")
