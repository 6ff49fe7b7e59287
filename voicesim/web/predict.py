"""The quiz on the page: a caller's line, three replies, and what each of them would do."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse

from voicesim.store.practice_log import practised
from voicesim.web.answers import ERRORS, SEE_OTHER
from voicesim.web.desk import OurDesk
from voicesim.web.kept import Kept
from voicesim.web.pages import page
from voicesim.web.wording import moved_by
from voicesim.wiring.learned import load_learned
from voicesim.wiring.predict_items import Ask
from voicesim.wiring.quiz import Quiz

router = APIRouter(responses=ERRORS)

#: So many questions in one quiz.
QUESTIONS = 5
_QUIZZES: Kept[Quiz] = Kept("this quiz")
_WORDS = {"falls": "Anger falls", "stays": "Anger stays where it is", "rises": "Anger rises"}


@router.get("/drills/predict", response_class=HTMLResponse)
def ready(request: Request) -> HTMLResponse:
    """The quiz before it begins."""
    return page(request, "predict.html.j2", of=QUESTIONS)


@router.post("/drills/predict", response_class=RedirectResponse, status_code=SEE_OTHER)
def begin(desk: OurDesk) -> RedirectResponse:
    """Begin a quiz; each one has other questions."""
    load_learned()
    quiz = Quiz(desk.trainee, of=QUESTIONS, seed=len(practised(desk.trainee)) + 1)
    return RedirectResponse(f"/drills/quiz/{_QUIZZES.add(quiz)}", SEE_OTHER)


@router.get("/drills/quiz/{key}", response_class=HTMLResponse)
def quiz(request: Request, key: str) -> HTMLResponse:
    """The question that waits for its answer, or what came of the answer, or the result."""
    found = _QUIZZES.find(key)
    question = found.question
    return page(
        request,
        "quiz.html.j2",
        quiz=found,
        key=key,
        question=question,
        asks_move=question is not None and question.ask is Ask.MOVE,
        words=_WORDS,
        reasons=moved_by,
    )


@router.post("/drills/quiz/{key}", response_class=RedirectResponse, status_code=SEE_OTHER)
def answer(
    key: str, number: Annotated[int, Form()], answer: Annotated[str, Form(max_length=20)] = ""
) -> RedirectResponse:
    """Take the answer to question ``number``."""
    _QUIZZES.find(key).give(number, answer)
    return RedirectResponse(f"/drills/quiz/{key}", SEE_OTHER)


@router.post("/drills/quiz/{key}/next", response_class=RedirectResponse, status_code=SEE_OTHER)
def go_on(key: str, number: Annotated[int, Form()]) -> RedirectResponse:
    """Go on from question ``number``."""
    _QUIZZES.find(key).go_on(number)
    return RedirectResponse(f"/drills/quiz/{key}", SEE_OTHER)


@router.post("/drills/quiz/{key}/end", response_class=RedirectResponse, status_code=SEE_OTHER)
def end(key: str) -> RedirectResponse:
    """End the quiz; what was answered is kept."""
    _QUIZZES.find(key).end()
    return RedirectResponse(f"/drills/quiz/{key}", SEE_OTHER)
