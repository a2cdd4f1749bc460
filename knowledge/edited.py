"""A company with some sections replaced by an edited file, validated as a whole: for dry runs."""

from pathlib import Path

from pydantic import ValidationError

from knowledge.checks.company import check_company
from knowledge.errors import CompanyInvalid, Problem
from knowledge.load import FIELDS, Loaded
from knowledge.positions import Located, complaints, read_yaml
from knowledge.profile import Company


def with_sections(loaded: Loaded, edited: Path) -> Company:
    """The company with its top-level keys replaced by those of `edited`.

    `edited` may be a whole `company.yaml` or only some of its sections, such as `routing`.
    Raises: CompanyInvalid, with file and line of the edited file.
    """
    try:
        text = edited.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Name a YAML file with the sections to try, such as `routing:`."
        raise CompanyInvalid(
            [Problem(str(edited), 0, "", "a readable file", _why(error), remedy)]
        ) from error
    located = read_yaml(str(edited), text)
    if not located.problems and not isinstance(located.data, dict):
        remedy = "Begin with a key such as `routing:`."
        located.problems.append(located.problem((), "a mapping of sections", "none", remedy))
    if located.problems:
        raise CompanyInvalid(located.problems)
    return _checked(loaded, located)


def _why(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, FileNotFoundError):
        return "none"
    return getattr(error, "strerror", None) or "no UTF-8"


def _checked(loaded: Loaded, located: Located) -> Company:
    data = {**loaded.company.model_dump(mode="json", by_alias=True), **located.data}
    try:
        company = Company.model_validate(data)
    except ValidationError as error:
        raise CompanyInvalid(complaints(located, error, FIELDS, Company)) from error
    problems = check_company(company, located, loaded.articles)
    if problems:
        raise CompanyInvalid(problems)
    return company
