/* The blocks in the editor: a box with one field, and a box. WordPress renders the rest. */
( function ( blocks, element, blockEditor, texts ) {
	'use strict';
	var el = element.createElement;
	blocks.registerBlockType( 'partner-center/center', {
		apiVersion: 3,
		title: texts.heading,
		category: 'widgets',
		icon: 'groups',
		attributes: { view: { type: 'string', default: '' } },
		supports: { multiple: false, html: false },
		edit: function ( props ) {
			return el(
				'div',
				blockEditor.useBlockProps( { className: 'components-placeholder' } ),
				el( 'strong', null, texts.heading ),
				el(
					'label',
					null,
					texts.label + ' ',
					el( 'input', {
						type: 'text',
						value: props.attributes.view,
						onChange: function ( event ) {
							props.setAttributes( { view: event.target.value } );
						}
					} )
				)
			);
		},
		save: function () {
			return null;
		}
	} );
	blocks.registerBlockType( 'partner-center/optin', {
		apiVersion: 3,
		title: texts.optin,
		category: 'widgets',
		icon: 'email',
		attributes: { name: { type: 'string', default: '' } },
		edit: function () {
			return el(
				'div',
				blockEditor.useBlockProps( { className: 'components-placeholder' } ),
				el( 'strong', null, texts.optin )
			);
		},
		save: function () {
			return null;
		}
	} );
} )( window.wp.blocks, window.wp.element, window.wp.blockEditor, window.partnerCenterBlock );
