"""The JSON face of a contract's turns: the same use cases as the pages."""

from __future__ import annotations

from typing import Any

from accounts.gate import may, writing
from marketplace.contracts import amending, ending, outcome_pages, outcome_table, outcomes, pausing, settling
from marketplace.contracts.api_base import amended, api
from marketplace.contracts.commands import Answer, AskPause, EnterOutcome, ProposeAmendment, Reason, Settle, View
from marketplace.contracts.deal import contract_loader
from marketplace.contracts.models import Outcome, Pause, Settlement, Termination
from marketplace.contracts.outcome_pages import reviewed_loader
from marketplace.contracts.schemas import ContractReasonSchema, SettleJsonSchema, SettlementSchema
from marketplace.contracts.turn_pages import amendment_loader, pause_loader, settlement_loader, termination_loader
from marketplace.contracts.turn_schemas import (
    AnswerJsonSchema,
    AskPauseSchema,
    ContractAmendmentSchema,
    EnterOutcomeSchema,
    ImportedSchema,
    ImportSchema,
    OutcomeSchema,
    PauseSchema,
    ProposeJsonSchema,
    TerminationSchema,
    ViewJsonSchema,
)


@api.post("/contracts/<int:contract_id>/pauses")
@may("contract:pause", subject=contract_loader)
@api.arguments(AskPauseSchema)
@api.response(201, PauseSchema)
def ask_pause(command: AskPause, contract_id: int) -> Pause:
    """Ask for the contract's clock to stop, from now, once the other side agrees."""
    with writing() as work:
        return pausing.ask(work, contract_id, command)


@api.post("/contracts/<int:contract_id>/pauses/<int:no>/answer")
@may("pause:agree", subject=pause_loader)
@api.arguments(AnswerJsonSchema)
@api.response(200, PauseSchema)
def answer_pause(command: Answer, contract_id: int, no: int) -> Pause:
    """Agree to a pause, or refuse it with a reason."""
    with writing() as work:
        return pausing.answer(work, contract_id, no, command)


@api.post("/contracts/<int:contract_id>/pauses/<int:no>/end")
@may("pause:resume", subject=pause_loader)
@api.response(200, PauseSchema)
def end_pause(contract_id: int, no: int) -> Pause:
    """Let the clock run again, or take back what was only asked."""
    with writing() as work:
        return pausing.end(work, contract_id, no)


@api.post("/contracts/<int:contract_id>/amendments")
@may("contract:amend", subject=contract_loader)
@api.arguments(ProposeJsonSchema)
@api.response(201, ContractAmendmentSchema)
def propose(command: ProposeAmendment, contract_id: int) -> dict[str, Any]:
    """Propose a change of amount, time limit or one clause, signing it for one's own side."""
    with writing() as work:
        row = amending.propose(work, contract_id, command)
        return amended(work, contract_loader(work, contract_id), row)


@api.post("/contracts/<int:contract_id>/amendments/<int:no>/answer")
@may("amendment:sign", subject=amendment_loader)
@api.arguments(AnswerJsonSchema)
@api.response(200, ContractAmendmentSchema)
def answer_amendment(command: Answer, contract_id: int, no: int) -> dict[str, Any]:
    """Sign an amendment, which puts it in force, or refuse it with a reason."""
    with writing() as work:
        row = amending.answer(work, contract_id, no, command)
        return amended(work, contract_loader(work, contract_id), row)


@api.post("/contracts/<int:contract_id>/amendments/<int:no>/withdraw")
@may("amendment:withdraw", subject=amendment_loader)
@api.response(200, ContractAmendmentSchema)
def withdraw_amendment(contract_id: int, no: int) -> dict[str, Any]:
    """Take back what the other side has not signed."""
    with writing() as work:
        row = amending.withdraw(work, contract_id, no)
        return amended(work, contract_loader(work, contract_id), row)


@api.post("/contracts/<int:contract_id>/termination/view")
@may("termination:answer", subject=termination_loader)
@api.arguments(ViewJsonSchema)
@api.response(200, TerminationSchema)
def answer_termination(command: View, contract_id: int) -> Termination:
    """Say the other side's view of an early end."""
    with writing() as work:
        return ending.answer(work, contract_id, command)


@api.post("/contracts/<int:contract_id>/outcomes")
@may("outcome:enter", subject=reviewed_loader)
@api.arguments(EnterOutcomeSchema)
@api.response(201, OutcomeSchema)
def enter_outcome(command: EnterOutcome, contract_id: int) -> Outcome:
    """Say what the department found of one version, the newest when none is named."""
    with writing() as work:
        return outcomes.enter(work, contract_id, command)


@api.post("/outcomes")
@may("outcome:import")
@api.arguments(ImportSchema)
@api.response(200, ImportedSchema)
def import_outcomes(text: str) -> dict[str, Any]:
    """Take in a table of findings, as CSV text in ``rows``; the rows that do not hold come back."""
    rows = outcome_table.read(text)
    with writing() as work:
        done = outcomes.import_rows(work, rows)
    refused = [
        {"line": one.line, "cells": one.cells, "code": one.error.code, "problem": outcome_pages.problem(one.error)}
        for one in done.refused
    ]
    return {"kept": done.kept, "known": done.known, "refused": refused, "correction": outcome_pages.correction(done)}


@api.post("/contracts/<int:contract_id>/settlement/answer")
@may("settlement:confirm", subject=settlement_loader)
@api.arguments(ViewJsonSchema)
@api.response(200, SettlementSchema)
def answer_settlement(command: View, contract_id: int) -> Settlement:
    """Say as the agency whether the settlement is right; an objection needs its words."""
    with writing() as work:
        return settling.answer(work, contract_id, command)


@api.post("/contracts/<int:contract_id>/settlement/correction")
@may("settlement:correct", subject=settlement_loader)
@api.arguments(SettleJsonSchema)
@api.response(200, SettlementSchema)
def correct_settlement(command: Settle, contract_id: int) -> Settlement:
    """Record corrected lines after an objection."""
    with writing() as work:
        return settling.correct(work, contract_id, command)


@api.post("/contracts/<int:contract_id>/settlement/keeping")
@may("settlement:keep", subject=settlement_loader)
@api.arguments(ContractReasonSchema)
@api.response(200, SettlementSchema)
def keep_settlement(command: Reason, contract_id: int) -> Settlement:
    """Stand by the lines, with a reason."""
    with writing() as work:
        return settling.keep(work, contract_id, command)
