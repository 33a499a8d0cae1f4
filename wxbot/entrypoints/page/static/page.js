// Shows pictures before they are sent, and says at once when they are too many or too big. The page works without it.

for (const input of document.querySelectorAll("input[type=file]")) {
  const previews = input.parentElement.querySelector(".previews");
  input.addEventListener("change", () => {
    input.setCustomValidity(complaint(input));
    input.reportValidity();
    show(previews, [...input.files]);
  });
}

// A second tap on a slow line would only be told that it came too late.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
}
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

function complaint(input) {
  const { most, size, tooMany, tooBig } = input.dataset;
  if (input.files.length > Number(most)) return tooMany;
  return [...input.files].some((file) => file.size > Number(size) * 1024 * 1024) ? tooBig : "";
}

function show(previews, files) {
  for (const image of previews.children) URL.revokeObjectURL(image.src);
  previews.replaceChildren(...files.map(preview));
  previews.hidden = !files.length;
}

function preview(file) {
  const image = document.createElement("img");
  image.src = URL.createObjectURL(file);
  image.alt = file.name;
  return image;
}
