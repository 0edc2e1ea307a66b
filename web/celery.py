"""The worker: one task empties the outbox, one does what is due. The database is the truth, the broker only wakes."""

from __future__ import annotations

from celery import Celery
from celery.schedules import crontab

from accounts import delivery
from agencies.fees import texts
from agencies.registration import expiry
from agencies.revisions import overlay
from agencies.rulebook import calendar
from core import deadlines, outbox, workdays
from ratings import service as ratings
from search import service as search
from web import broker
from web.app import create_app, works_of
from web.config import read_config
from web.wiring import DEADLINES, EVENTS

config = read_config()
broker.install()
celery = Celery("market")


def _filesystem_options() -> dict[str, object]:
    """Give the file broker its folders, inside the data folder."""
    folder = config.data / "broker"
    for name in ("queue", "control", "done"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(folder / "queue"),
        "data_folder_out": str(folder / "queue"),
        "control_folder": str(folder / "control"),
        "processed_folder": str(folder / "done"),
        "store_processed": False,
        "polling_interval": 0.2,
    }


celery.conf.update(
    broker_url=config.broker_url,
    broker_transport_options=_filesystem_options() if config.broker_url.startswith("filesystem") else {},
    broker_connection_retry_on_startup=True,
    task_ignore_result=True,
    task_acks_late=False,
    worker_hijack_root_logger=False,
    timezone="Asia/Shanghai",
    beat_schedule={
        "relay": {"task": "market.relay", "schedule": 2.0, "options": {"expires": 10}},
        "due": {"task": "market.due", "schedule": 1.0, "options": {"expires": 10}},
        "index": {"task": "market.index", "schedule": 10.0, "options": {"expires": 10}},
        "daily": {"task": "market.daily", "schedule": crontab(hour=3, minute=10)},
        "beat": {"task": "market.beat", "schedule": 5.0, "options": {"expires": 10}},
    },
)
app = create_app(config)


def _look() -> None:
    """Take up fee schedules approved since this process last looked; asked only when a task works with fees."""
    overlay.look(works_of(app))


def _look_up_days() -> None:
    """Take up notices of the calendar approved since this process last looked."""
    calendar.look(works_of(app))


@celery.task(name="market.relay")
def relay() -> int:
    """Hand waiting events to their handlers."""
    with app.app_context(), texts.newer.watching(_look), workdays.newer.watching(_look_up_days):
        done = outbox.relay(works_of(app), EVENTS)
        search.flush(works_of(app))
        delivery.flush(works_of(app))
        return done


@celery.task(name="market.index")
def index() -> int:
    """Rebuild the search index where it is lost or broken."""
    with app.app_context():
        return search.mend(works_of(app))


@celery.task(name="market.daily")
def daily() -> int:
    """Let standings fade, as ratings weigh less with time; remind of papers that end soon."""
    with app.app_context(), works_of(app).system() as work:
        expiry.remind(work)
        return ratings.recompute_all(work)


@celery.task(name="market.due")
def due() -> int:
    """Do what is due."""
    with app.app_context(), texts.newer.watching(_look), workdays.newer.watching(_look_up_days):
        return deadlines.run_due(works_of(app), DEADLINES)


@celery.task(name="market.beat")
def beat() -> None:
    """Leave a sign of life for the health page."""
    (config.data / "worker.alive").touch()
